namespace Engram.Tasks;

/// <summary>The F1 of chunks as a metric of training, on which the best epoch is chosen.</summary>
internal sealed class ChunkF1(IReadOnlyList<string> tags, TagScheme learnt, TagDecoder decoder) : Metric
{
    public override string Name => "f1";

    public override bool LargerIsBetter => true;

    public override IAccumulator Start() => new Counting(tags, learnt, decoder);

    private sealed class Counting(IReadOnlyList<string> tags, TagScheme learnt, TagDecoder decoder) : IAccumulator
    {
        private readonly ChunkCounts _counts = new(decoder.Told);

        public void Add(in MetricBatch batch)
        {
            int steps = batch.RowsPerSample;
            for (int first = 0; first < batch.Rows; first += steps)
            {
                int tokens = 0;
                while (tokens < steps && batch.IsReal(first + tokens))
                {
                    tokens++;
                }
                string[] actual = new string[tokens];
                for (int i = 0; i < tokens; i++)
                {
                    actual[i] = tags[(int)batch.Target(first + i)[0]];
                }
                _counts.Add(Tags.Convert(actual, learnt, decoder.Told), decoder.Decode(batch.PredictedSample(first / steps), tokens));
            }
        }

        public double Result() => _counts.Metrics().F1;
    }
}
