using System.Globalization;
using System.Text;
using CsCheck;

namespace Engram.Data.Tests.Time;

public sealed class TimeTextTests
{
    private static string? Read(string text, DateOrder order = DateOrder.YearMonthDay) =>
        TimeText.TryRead(Encoding.UTF8.GetBytes(text), out TimeText time) && time.TryGet(order, out DateTime value)
            ? value.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture)
            : null;

    [Theory]
    [InlineData("2024-01-02", "2024-01-02 00:00:00")]
    [InlineData("2024-1-2", "2024-01-02 00:00:00")]
    [InlineData("2024/01/02", "2024-01-02 00:00:00")]
    [InlineData("2024.01.02", "2024-01-02 00:00:00")]
    [InlineData("2024-01-02 03:04", "2024-01-02 03:04:00")]
    [InlineData("2024-01-02 03:04:05", "2024-01-02 03:04:05")]
    [InlineData("2024-01-02T03:04:05", "2024-01-02 03:04:05")]
    [InlineData("2024-01-02T030405", "2024-01-02 03:04:05")]
    [InlineData("2024-01-02 03:04:05.25", "2024-01-02 03:04:05.25")]
    [InlineData("2024-01-02 03:04:05,125", "2024-01-02 03:04:05.125")]
    [InlineData("2024-01-02 03:04:05.123456789", "2024-01-02 03:04:05.1234567")]
    [InlineData("2024-01-02 24:00", "2024-01-03 00:00:00")]
    [InlineData("2024-01-02 3:04 PM", "2024-01-02 15:04:00")]
    [InlineData("2024-01-02 12:30:00 am", "2024-01-02 00:30:00")]
    [InlineData("2024-01-02 12 p.m.", "2024-01-02 12:00:00")]
    [InlineData("20240102", "2024-01-02 00:00:00")]
    [InlineData("20240102T030405", "2024-01-02 03:04:05")]
    [InlineData("20240102 0304", "2024-01-02 03:04:00")]
    [InlineData("20240102030405", "2024-01-02 03:04:05")]
    [InlineData("202401020304", "2024-01-02 03:04:00")]
    [InlineData("2024010203", "2024-01-02 03:00:00")]
    [InlineData("1949-01", "1949-01-01 00:00:00")]
    [InlineData("1949/1", "1949-01-01 00:00:00")]
    [InlineData("01/1949", "1949-01-01 00:00:00")]
    [InlineData("2024Q3", "2024-07-01 00:00:00")]
    [InlineData("2024-Q1", "2024-01-01 00:00:00")]
    [InlineData("2024年1月2日", "2024-01-02 00:00:00")]
    [InlineData("2024 年 1 月 2 日", "2024-01-02 00:00:00")]
    [InlineData("２０２４年１月２日", "2024-01-02 00:00:00")]
    [InlineData("2024年1月", "2024-01-01 00:00:00")]
    [InlineData("2024年1月2日 3时4分5秒", "2024-01-02 03:04:05")]
    [InlineData("2024年1月2日3时", "2024-01-02 03:00:00")]
    [InlineData("2024年1月2日 下午3:04", "2024-01-02 15:04:00")]
    [InlineData("2024年1月2日 星期二", "2024-01-02 00:00:00")]
    [InlineData("2024年1月2日 周二 3时4分", "2024-01-02 03:04:00")]
    [InlineData("Q3 2024", "2024-07-01 00:00:00")]
    [InlineData("2 Jan 2024", "2024-01-02 00:00:00")]
    [InlineData("02-Jan-24", "2024-01-02 00:00:00")]
    [InlineData("2nd January 2024", "2024-01-02 00:00:00")]
    [InlineData("Jan 2, 2024", "2024-01-02 00:00:00")]
    [InlineData("January 2nd, 2024", "2024-01-02 00:00:00")]
    [InlineData("Sept 2, 2024", "2024-09-02 00:00:00")]
    [InlineData("Jan 2024", "2024-01-01 00:00:00")]
    [InlineData("Jan-24", "2024-01-01 00:00:00")]
    [InlineData("2024-Jan-02", "2024-01-02 00:00:00")]
    [InlineData("Tue, 02 Jan 2024 03:04:05 GMT", "2024-01-02 03:04:05")]
    [InlineData("Tuesday, January 2, 2024 3:04:05 PM", "2024-01-02 15:04:05")]
    [InlineData("2024-01-02T03:04:05Z", "2024-01-02 03:04:05")]
    [InlineData("2024-01-02T03:04:05+08:00", "2024-01-01 19:04:05")]
    [InlineData("2024-01-02 03:04:05 -0530", "2024-01-02 08:34:05")]
    [InlineData("2024-01-02 03:04:05+01", "2024-01-02 02:04:05")]
    [InlineData("2024-01-02 03:04 UTC+8", "2024-01-01 19:04:00")]
    [InlineData("99-12-31", "1999-12-31 00:00:00")]
    [InlineData("24-01-02", "2024-01-02 00:00:00")]
    public void Times_are_read_as_people_write_them(string text, string expected) => Assert.Equal(expected, Read(text));

    [Theory]
    [InlineData("1/2/2024", DateOrder.MonthDayYear, "2024-01-02 00:00:00")]
    [InlineData("1/2/2024", DateOrder.DayMonthYear, "2024-02-01 00:00:00")]
    [InlineData("1.2.2024 13:30", DateOrder.DayMonthYear, "2024-02-01 13:30:00")]
    [InlineData("1-2-24", DateOrder.MonthDayYear, "2024-01-02 00:00:00")]
    [InlineData("1/2/70", DateOrder.MonthDayYear, "1970-01-02 00:00:00")]
    [InlineData("13/1/2024", DateOrder.MonthDayYear, null)]
    [InlineData("13/1/2024", DateOrder.YearMonthDay, null)]
    [InlineData("2024-01-02", DateOrder.DayMonthYear, "2024-01-02 00:00:00")]
    public void The_order_of_numbers_matters_where_they_leave_it_open(string text, DateOrder order, string? expected) => Assert.Equal(expected, Read(text, order));

    [Theory]
    [InlineData("")]
    [InlineData("north")]
    [InlineData("2024")]
    [InlineData("2024-13-01")]
    [InlineData("2024-02-30")]
    [InlineData("2023-02-29")]
    [InlineData("2024-01-02 25:00")]
    [InlineData("2024-01-02 13:04 PM")]
    [InlineData("2024-01-02 03:61")]
    [InlineData("2024-01-02 03")]
    [InlineData("2024-01-02 and more")]
    [InlineData("2024-1234")]
    [InlineData("2024年1月2")]
    [InlineData("1.2.3")]
    [InlineData("192.168.1.1")]
    [InlineData("123456")]
    [InlineData("March")]
    [InlineData("Marching 2024")]
    [InlineData("12:30:00")]
    [InlineData("0001-01-01")]
    [InlineData("99999999999999999999")]
    [InlineData("2024-01-02T03:04:05+99:00")]
    public void What_is_no_time_is_none(string text) => Assert.Null(Read(text));

    [Fact]
    public void Every_stamp_is_read_back_in_every_usual_form()
    {
        string[] forms = ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mm:ss.fff", "yyyy/M/d H:mm:ss", "yyyyMMddHHmmss", "d MMM yyyy HH:mm:ss", "MMMM d, yyyy h:mm:ss tt", "yyyy年M月d日 H时m分s秒", "ddd, dd MMM yyyy HH:mm:ss"];
        Gen.Select(Gen.Int[0, 3_000_000], Gen.Int[0, 86_399], Gen.Int[0, forms.Length - 1]).Sample((day, second, form) =>
        {
            DateTime time = new DateTime(1000, 1, 1).AddDays(day).AddSeconds(second);
            return Read(time.ToString(forms[form], CultureInfo.InvariantCulture)) == time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        });
    }

    [Fact]
    public void No_text_makes_it_fail()
    {
        Gen<string> dateLike = Gen.Char["0123456789-/.: TZ+年月日QaJnp"].Array[0, 24].Select(letters => new string(letters));
        dateLike.Sample(text => Read(text) is null or { Length: > 0 });
        Gen.String.Sample(text => Read(text) is null or { Length: > 0 });
    }
}
