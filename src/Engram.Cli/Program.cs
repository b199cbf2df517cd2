Console.WriteLine("Engram");
