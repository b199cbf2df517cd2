using System.Xml.Linq;
using Engram.Files;
using SkiaSharp;

namespace Engram.Plots.Tests;

public sealed class PictureTests : IDisposable
{
    private static readonly Picture Sample = Charts.Loss([1, 0.5, 0.3, 0.25], [1.1, 0.6, 0.45, 0.44], bestEpoch: 4);

    private readonly string folder = Directory.CreateTempSubdirectory("engram-plots-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_saved_png_has_the_size_of_the_picture()
    {
        string path = Path.Combine(folder, "loss.png");
        Sample.WithSize(640, 360).Save(path);
        using SKBitmap bitmap = Pixels.Decode(File.ReadAllBytes(path));
        Assert.Equal((640, 360), (bitmap.Width, bitmap.Height));
        Assert.True(bitmap.Like(Pixels.Blue) > 100);
    }

    [Fact]
    public void A_saved_svg_is_well_formed_and_has_the_size_of_the_picture()
    {
        string path = Path.Combine(folder, "loss.SVG");
        Sample.Save(path);
        XElement root = XDocument.Load(path).Root!;
        Assert.Equal("svg", root.Name.LocalName);
        Assert.Equal("0 0 1200 600", (string?)root.Attribute("viewBox"));
    }

    [Fact]
    public void The_letters_of_an_svg_are_outlines_that_still_say_their_words()
    {
        XDocument document = XDocument.Parse(Charts.Loss([1, 0.5], title: "Loss & <more>").ToSvg());
        Assert.DoesNotContain(document.Descendants(), element => element.Name.LocalName == "text");
        XElement title = Assert.Single(document.Descendants(), element => (string?)element.Attribute("aria-label") == "Loss & <more>");
        Assert.StartsWith("M", (string?)title.Attribute("d"), StringComparison.Ordinal);
    }

    [Fact]
    public void Saving_replaces_an_older_picture_and_leaves_nothing_else_in_the_folder()
    {
        string path = Path.Combine(folder, "loss.png");
        File.WriteAllText(path, "old");
        Sample.Save(path);
        Assert.Equal([path], Directory.GetFileSystemEntries(folder));
        Assert.True(new FileInfo(path).Length > 1000);
    }

    [Theory]
    [InlineData("loss.jpg", ".jpg")]
    [InlineData("loss", "no extension")]
    public void An_extension_that_is_neither_png_nor_svg_is_refused_and_both_are_named(string name, string part)
    {
        string path = Path.Combine(folder, name);
        ArgumentException error = Assert.Throws<ArgumentException>(() => Sample.Save(path));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.Contains(".png or .svg", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    [Fact]
    public void A_folder_that_does_not_exist_is_named()
    {
        string missing = Path.Combine(folder, "nowhere");
        FileWriteException error = Assert.Throws<FileWriteException>(() => Sample.Save(Path.Combine(missing, "loss.png")));
        Assert.Contains($"'{missing}' does not exist", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_in_the_place_of_the_file_is_told_and_no_partial_file_stays()
    {
        string path = Path.Combine(folder, "loss.png");
        Directory.CreateDirectory(path);
        FileWriteException error = Assert.Throws<FileWriteException>(() => Sample.Save(path));
        Assert.Contains("it is a folder", error.Message, StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFileSystemEntries(folder));
    }

    [Theory]
    [InlineData(99, 600)]
    [InlineData(1200, 20_000)]
    public void A_side_out_of_range_is_refused(int width, int height) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Sample.WithSize(width, height));

    [Fact]
    public void The_smallest_picture_can_be_drawn()
    {
        using SKBitmap bitmap = Pixels.Decode(Sample.WithSize(100, 100).ToPng());
        Assert.Equal(100, bitmap.Width);
    }

    [Fact]
    public void Stacked_pictures_are_as_high_as_together_and_each_is_drawn()
    {
        Picture below = Charts.Forecast([1, 2, 3, 4], [double.NaN, 2, 2, 5]);
        Picture stack = Picture.Stack(Charts.Loss([3, 2, 1]), below);
        Assert.Equal(600 + below.Height, stack.Height);
        using SKBitmap bitmap = Pixels.Decode(stack.ToPng());
        using SKBitmap upper = new();
        using SKBitmap lower = new();
        Assert.True(bitmap.ExtractSubset(upper, SKRectI.Create(0, 0, 1200, 600)));
        Assert.True(bitmap.ExtractSubset(lower, SKRectI.Create(0, 600, 1200, 600)));
        Assert.True(upper.Like(Pixels.Blue) > 100);
        Assert.Equal(0, upper.Like(Pixels.Red));
        Assert.True(lower.Like(Pixels.Red) > 100);
    }

    [Fact]
    public void A_resized_picture_keeps_its_share_of_a_stack()
    {
        Picture stack = Picture.Stack(Charts.Loss([3, 2, 1]).WithSize(800, 200), Charts.Loss([3, 2, 1]).WithSize(600, 700));
        Assert.Equal((800, 900), (stack.Width, stack.Height));
        using SKBitmap bitmap = Pixels.Decode(stack.ToPng());
        using SKBitmap alone = Pixels.Decode(Charts.Loss([3, 2, 1]).WithSize(800, 200).ToPng());
        Assert.Equal(alone.Pixels, bitmap.Pixels[..(800 * 200)]);
    }

    [Fact]
    public void The_same_picture_is_drawn_alike_each_time_and_from_several_threads()
    {
        byte[] expected = Sample.ToPng();
        byte[][] again = [.. ParallelEnumerable.Range(0, 4).Select(_ => Sample.ToPng())];
        Assert.All(again, png => Assert.Equal(expected, png));
    }
}
