using System.Globalization;
using System.Text;
using CsCheck;

namespace Engram.Data.Tests.Csv;

public sealed class NumberTextTests
{
    private static double Parse(string text, char mark = '.') =>
        NumberText.TryParse(Encoding.UTF8.GetBytes(text), mark, out double number) ? number : double.NaN;

    [Theory]
    [InlineData("12.5", 12.5)]
    [InlineData("-12.5e3", -12500)]
    [InlineData("+7", 7)]
    [InlineData(".5", 0.5)]
    [InlineData("5.", 5)]
    [InlineData("1,657,300", 1657300)]
    [InlineData("12,34,567", 1234567)]
    [InlineData("1,234.5", 1234.5)]
    [InlineData("1 234.5", 1234.5)]
    [InlineData("1\u00A0234\u00A0567", 1234567)]
    [InlineData("1\u202F234.25", 1234.25)]
    [InlineData("1\u2009234", 1234)]
    [InlineData("1'234.5", 1234.5)]
    [InlineData("1’234", 1234)]
    [InlineData("１２．５", 12.5)]
    [InlineData("－３", -3)]
    [InlineData("−3", -3)]
    [InlineData("12.5%", 12.5)]
    [InlineData("12.5 %", 12.5)]
    [InlineData("１２％", 12)]
    [InlineData("$1,234.50", 1234.5)]
    [InlineData("-$5", -5)]
    [InlineData("€ 5", 5)]
    [InlineData("￥12", 12)]
    [InlineData("12.5元", 12.5)]
    [InlineData("(1,234)", -1234)]
    [InlineData("931.8M", 931_800_000)]
    [InlineData("1.05B", 1_050_000_000)]
    [InlineData("1,234.5K", 1_234_500)]
    [InlineData("$3 K", 3000)]
    [InlineData("1.23亿", 123_000_000)]
    [InlineData("9876万元", 98_760_000)]
    [InlineData("2万亿", 2_000_000_000_000)]
    public void Numbers_are_read_as_people_write_them(string text, double expected) => Assert.Equal(expected, Parse(text));

    [Theory]
    [InlineData("1,5", 1.5)]
    [InlineData("-0,75", -0.75)]
    [InlineData("1.234,5", 1234.5)]
    [InlineData("1.657.300", 1657300)]
    [InlineData("1.234", 1234)]
    [InlineData("1 234,5", 1234.5)]
    [InlineData("1 234,567", 1234.567)]
    [InlineData("1,5%", 1.5)]
    [InlineData("3", 3)]
    [InlineData("1,5e3", 1500)]
    public void The_comma_may_be_the_decimal_mark(string text, double expected) => Assert.Equal(expected, Parse(text, ','));

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("1.2.3")]
    [InlineData("1,23,4")]
    [InlineData("12 34")]
    [InlineData("1-2")]
    [InlineData("--1")]
    [InlineData("1e")]
    [InlineData("e5")]
    [InlineData("%")]
    [InlineData("$")]
    [InlineData("2012-01-03")]
    [InlineData("12:30")]
    [InlineData("1,5")]
    [InlineData("Infinity")]
    [InlineData("-inf")]
    [InlineData("∞")]
    [InlineData("NaN")]
    [InlineData("1e999")]
    [InlineData("0x10")]
    [InlineData("3M5")]
    [InlineData("5%5")]
    [InlineData("5$5")]
    [InlineData("5 % 5")]
    [InlineData("(5")]
    [InlineData("5)")]
    [InlineData("((5))")]
    [InlineData("(-5)")]
    [InlineData("1e5K")]
    [InlineData("1BB")]
    [InlineData("M")]
    public void What_is_no_finite_number_is_none(string text) => Assert.True(double.IsNaN(Parse(text)));

    [Theory]
    [InlineData("15", nameof(NumberShape.Plain))]
    [InlineData("1.5", nameof(NumberShape.Point))]
    [InlineData("0.123", nameof(NumberShape.Point))]
    [InlineData("1234.567", nameof(NumberShape.Point))]
    [InlineData("1,5", nameof(NumberShape.Comma))]
    [InlineData("1.234", nameof(NumberShape.AmbiguousPoint))]
    [InlineData("1,234", nameof(NumberShape.AmbiguousComma))]
    [InlineData("1,234,567", nameof(NumberShape.Point))]
    [InlineData("1.234.567", nameof(NumberShape.Comma))]
    [InlineData("1 234", nameof(NumberShape.Plain))]
    [InlineData("north", nameof(NumberShape.None))]
    [InlineData("3.1.2024", nameof(NumberShape.None))]
    public void The_way_a_number_is_written_tells_its_decimal_mark(string text, string shape) =>
        Assert.Equal(shape, NumberText.Classify(Encoding.UTF8.GetBytes(text), out _).ToString());

    [Fact]
    public void Every_double_is_read_back_exactly() =>
        Gen.Double.Where(double.IsFinite).Sample(number => Parse(number.ToString("R", CultureInfo.InvariantCulture)) == number);

    [Fact]
    public void Thousands_in_either_way_give_the_same_number() =>
        Gen.Select(Gen.Long[-999_999_999_999, 999_999_999_999], Gen.Int[0, 99]).Sample((whole, cents) =>
        {
            string english = whole.ToString("N0", CultureInfo.InvariantCulture) + "." + cents.ToString("00", CultureInfo.InvariantCulture);
            string german = english.Replace('.', '#').Replace(',', '.').Replace('#', ',');
            return Parse(english) == Parse(german, ',') && Math.Abs(Math.Abs(Parse(english)) - (Math.Abs(whole) + (cents / 100.0))) < 1e-3;
        });

    [Fact]
    public void No_text_makes_it_fail() =>
        Gen.String.Sample(text =>
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            NumberShape shape = NumberText.Classify(bytes, out _);
            bool read = NumberText.TryParse(bytes, '.', out _) | NumberText.TryParse(bytes, ',', out _);
            return !read || shape != NumberShape.None;
        });
}
