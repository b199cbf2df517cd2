using CsCheck;
using Engram.Backends;

namespace Engram.Tests.Backends;

public sealed class WalkSharesTests
{
    /// <summary>Multiplications while two threads of neighbouring cores meet, .17 µs; and of cores far apart, .6 µs.</summary>
    private const double Near = 12_000, Far = 42_000;

    [Theory]
    [InlineData(2, 64, 64, 65, 2, 1)] // many rows: each thread its own
    [InlineData(2, 20, 650, 1300, 2, 1)]
    [InlineData(2, 1, 64, 65, 1, 2)] // a single row: its units
    [InlineData(2, 1, 512, 1024, 1, 2)]
    [InlineData(8, 2, 512, 1024, 1, 8)] // two rows take no longer than one
    [InlineData(8, 12, 512, 1024, 4, 2)] // both
    [InlineData(8, 1, 144, 288, 1, 5)] // nine panels take eight threads as long as five
    [InlineData(16, 64, 512, 1024, 16, 1)]
    [InlineData(64, 64, 512, 1024, 16, 4)]
    [InlineData(64, 384, 512, 1024, 64, 1)]
    [InlineData(2, 1, 8, 9, 1, 1)] // too little to wait for
    [InlineData(4, 1, 16, 1000, 1, 1)] // one panel cannot be shared
    public void Rows_are_shared_where_they_suffice_units_where_not_and_both_where_there_are_threads_for_it(
        int threads, int rows, int units, int operands, int groups, int members)
    {
        var shares = WalkShares.Choose(threads, rows, panels: (units + 15) / 16, work: operands * 64, steps: 100, stages: 1, kernelRows: 6, meeting: Near);

        Assert.Equal((groups, members), (shares.Groups, shares.Members));
    }

    [Fact]
    public void A_single_step_must_be_worth_handing_it_over()
    {
        Assert.Equal(WalkShares.Alone, WalkShares.Choose(2, rows: 1, panels: 4, work: 128 * 64, steps: 1, stages: 1, kernelRows: 6, meeting: Near));
        Assert.Equal(new WalkShares(1, 2), WalkShares.Choose(2, rows: 1, panels: 16, work: 512 * 64, steps: 1, stages: 1, kernelRows: 6, meeting: Near));
    }

    [Fact]
    public void Threads_that_take_long_to_meet_do_not_share_narrow_layers()
    {
        Assert.Equal(new WalkShares(1, 2), WalkShares.Choose(2, rows: 1, panels: 4, work: 65 * 64, steps: 100, stages: 1, kernelRows: 6, Near));
        Assert.Equal(WalkShares.Alone, WalkShares.Choose(2, rows: 1, panels: 4, work: 65 * 64, steps: 100, stages: 1, kernelRows: 6, Far));
        Assert.Equal(new WalkShares(1, 2), WalkShares.Choose(2, rows: 1, panels: 32, work: 1024 * 64, steps: 100, stages: 1, kernelRows: 6, Far));
    }

    [Fact]
    public void There_are_never_more_shares_than_threads_rows_and_panels() =>
        Gen.Select(Gen.Int[1, 80], Gen.Int[0, 500], Gen.Int[1, 70], Gen.Int[1, 500_000], Gen.Int[0, 200]).Sample((threads, rows, panels, work, steps) =>
        {
            var shares = WalkShares.Choose(threads, rows, panels, work, steps, stages: 2, kernelRows: 3, meeting: Near);

            Assert.InRange(shares.Groups, 1, Math.Max(1, rows));
            Assert.InRange(shares.Members, 1, panels);
            Assert.InRange(shares.Groups * shares.Members, 1, threads);
        });
}
