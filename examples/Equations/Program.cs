using System.Text;
using Engram.Examples.Equations;

Console.OutputEncoding = Encoding.UTF8;
Report.Write(Console.Out);
