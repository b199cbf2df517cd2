using System.Diagnostics.Tracing;
using System.Text.Json;
using Engram.Tests.Training;
using Engram.Training;

namespace Engram.Tests.Profiling;

/// <summary>A profile is of the whole process, so these tests run alone.</summary>
[CollectionDefinition(nameof(ProfileTests), DisableParallelization = true)]
public sealed class ProfileCollection;

[Collection(nameof(ProfileTests))]
public sealed class ProfileTests
{
    [Fact]
    public void A_training_is_told_by_category_and_the_shares_make_one()
    {
        using Device device = Device.Cpu(2);
        using var folder = new TemporaryFolder();
        using Profile profile = Profile.Start();
        using (Profile.Measure("whole"))
        {
            Train(device, new FitOptions { BatchSize = 16, CheckpointPath = folder.File("checkpoint.safetensors"), ValidationData = (Ids(32), Targets(32)) });
        }
        ProfileSummary summary = profile.Stop();

        ProfileCategory[] categories = Enum.GetValues<ProfileCategory>();
        Assert.All(categories, category => Assert.InRange(summary.Share(category), 1e-9, 1));
        Assert.Equal(1, categories.Sum(summary.Share), 1e-9);
        Assert.Equal(2, summary.Threads);
        Assert.InRange(categories.Sum(category => summary.Time(category).TotalSeconds), 0.5 * summary.Wall.TotalSeconds, 2 * summary.Wall.TotalSeconds);
        Assert.All(categories, category => Assert.Contains(category.ToString().ToLowerInvariant(), summary.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Products_take_most_of_the_time_where_they_are_large()
    {
        using Device device = Device.Cpu(1);
        var model = new Sequential(new Dense(600), new Dense(600)) { Device = device };
        Tensor x = Tensor.Normal(new RandomStream(1), 600, 600);
        model.Predict(x);

        // Of several the one whose products had the machine to themselves.
        Assert.InRange(Enumerable.Range(0, 20).Max(_ => Share()), 0.5, 1);

        double Share()
        {
            using Profile profile = Profile.Start();
            model.Predict(x, 600);
            return profile.Stop().Share(ProfileCategory.Products);
        }
    }

    [Fact]
    public void Cell_updates_of_a_walk_are_told_apart_from_its_products()
    {
        using Device device = Device.Cpu(1);
        double small = Share(units: 16, runs: 40), large = Share(units: 128, runs: 2);

        Assert.InRange(small, 0.02, 0.9);
        Assert.InRange(large, 0.002, small); // products grow with the square of the units, cells with the units

        // Of each the shortest time in many short profiles: one that nothing else on the machine has disturbed.
        double Share(int units, int runs)
        {
            var model = new Sequential(new Lstm(units) { ReturnSequences = true }) { Device = device };
            Tensor x = Tensor.Normal(new RandomStream(1), 12, 20, units);
            model.Predict(x);
            ProfileSummary[] profiles = [.. Enumerable.Range(0, 30).Select(_ => Take(model, x, runs))];
            TimeSpan cells = profiles.Min(summary => summary.Time(ProfileCategory.Activations)), products = profiles.Min(summary => summary.Time(ProfileCategory.Products));
            return cells / (cells + products);
        }

        static ProfileSummary Take(Model model, Tensor x, int runs)
        {
            using Profile profile = Profile.Start();
            for (int i = 0; i < runs; i++)
            {
                model.Run(
                    pass =>
                    {
                        pass.Backward(pass.Sum(model.Forward(pass, pass.Input(x))));
                        return 0;
                    },
                    training: true);
            }
            return profile.Stop();
        }
    }

    [Fact]
    public void The_trace_is_json_whose_spans_lie_within_each_other_or_beside_each_other()
    {
        using Device device = Device.Cpu(2);
        using var folder = new TemporaryFolder();
        using Profile profile = Profile.Start();
        Train(device, new FitOptions { BatchSize = 16, Epochs = 2, CheckpointPath = folder.File("checkpoint.safetensors"), ValidationData = (Ids(32), Targets(32)) });

        profile.WriteTrace(folder.File("trace.json"));

        using JsonDocument trace = JsonDocument.Parse(File.ReadAllBytes(folder.File("trace.json")));
        JsonElement[] events = [.. trace.RootElement.GetProperty("traceEvents").EnumerateArray()];
        Assert.Equal(2, events.Count(item => item.GetProperty("ph").GetString() == "M" && item.GetProperty("name").GetString() == "thread_name"));
        var spans = events.Where(item => item.GetProperty("ph").GetString() == "X").Select(item => (
            Name: item.GetProperty("name").GetString()!, Thread: item.GetProperty("tid").GetInt32(),
            From: item.GetProperty("ts").GetDecimal(), To: item.GetProperty("ts").GetDecimal() + item.GetProperty("dur").GetDecimal())).ToArray();
        foreach (var thread in spans.GroupBy(span => span.Thread))
        {
            RequireNested([.. thread.OrderBy(span => span.From).ThenByDescending(span => span.To).Select(span => (span.From, span.To))]);
        }
        string[] expected =
        [
            "epoch", "training step", "read batch", "forward", "Layer embedding (embedding)", "lstm", "linear", "binary_cross_entropy", "backward", "optimizer", "pack weights", "input",
            "validation", "batch", "write checkpoint",
        ];
        Assert.Empty(expected.Except(spans.Select(span => span.Name)));
        Assert.Equal(2, spans.Count(span => span.Name == "epoch"));
        Assert.Equal(12, spans.Count(span => span.Name == "training step"));
        Assert.All(spans.Where(span => span.Name == "optimizer"), span =>
            Assert.Contains(spans, step => step.Name == "training step" && step.Thread == span.Thread && step.From <= span.From && span.To <= step.To));
    }

    [Fact]
    public void Workers_show_what_they_compute_and_wait_otherwise()
    {
        using Device device = Device.Cpu(3);
        var model = new Sequential(new Dense(400)) { Device = device };
        Tensor x = Tensor.Normal(new RandomStream(1), 900, 400);
        model.Predict(x);
        using var folder = new TemporaryFolder();
        // A worker takes its part where the machine lets it run in time, which many products in a row make sure of.
        Assert.True(Enumerable.Range(0, 20).Any(_ => TookPart()), "no worker took a part of the products");

        using Profile profile = Profile.Start();
        model.Predict(x, 900);
        Thread.Sleep(50);
        ProfileSummary summary = profile.Stop();
        Assert.Equal(3, summary.Threads);
        Assert.InRange(summary.Time(ProfileCategory.Idle).TotalSeconds, 2 * 0.05, double.MaxValue); // two workers while the caller slept

        bool TookPart()
        {
            using Profile tried = Profile.Start();
            for (int i = 0; i < 150; i++)
            {
                model.Predict(x, 900);
            }
            tried.WriteTrace(folder.File("trace.json"));
            using JsonDocument trace = JsonDocument.Parse(File.ReadAllBytes(folder.File("trace.json")));
            ILookup<int, string> names = trace.RootElement.GetProperty("traceEvents").EnumerateArray()
                .ToLookup(item => item.GetProperty("tid").GetInt32(), item => item.GetProperty("name").GetString()!);
            Assert.Equal(3, names.Count);
            return names.Count(thread => thread.Contains("linear")) >= 2;
        }
    }

    [Fact]
    public void Nothing_is_allocated_where_no_profile_is_taken_nor_per_step_where_one_is()
    {
        for (int i = 0; i < 3; i++)
        {
            using (Profile.Measure("warm-up"))
            {
            }
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10_000; i++)
        {
            using ProfileSpan span = Profile.Measure("nothing", ProfileCategory.Products);
        }
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        using Device device = Device.Cpu(2);
        var meter = new AllocationMeter(from: 5, to: 35);
        using Profile profile = Profile.Start();
        Train(device, new FitOptions { BatchSize = 8, Epochs = 2, Callbacks = [meter] }, samples: 320);
        Assert.InRange(meter.Bytes / 30.0, 0, 1023);
    }

    [Fact]
    public void Spans_beyond_the_room_are_counted_and_their_time_is_not_lost()
    {
        using var folder = new TemporaryFolder();
        using Profile profile = Profile.Start();
        for (int i = 1; i <= 70_000; i++)
        {
            using ProfileSpan span = Profile.Measure("short", ProfileCategory.Loss);
            if (i == 70_000)
            {
                Thread.Sleep(40);
            }
        }

        ProfileSummary summary = profile.Stop();

        Assert.Equal(70_000 - 65_536, summary.SpansLeftOut);
        Assert.InRange(summary.Time(ProfileCategory.Loss).TotalSeconds, 0.039, double.MaxValue); // of the last, which has no room
    }

    [Fact]
    public void There_is_one_profile_at_a_time_and_one_that_has_ended_notes_nothing_more()
    {
        Profile profile = Profile.Start();
        Assert.Throws<InvalidOperationException>(Profile.Start);
        ProfileSummary first = profile.Stop();
        using (Profile.Measure("later"))
        {
        }

        Assert.Same(first, profile.Stop());
        Assert.Equal(0, first.Threads);
        Assert.Equal(0, first.Share(ProfileCategory.Other));
        using Profile next = Profile.Start();
        Assert.NotSame(profile, next);
    }

    [Fact]
    public void A_span_that_outlives_its_profile_does_no_harm()
    {
        ProfileSpan outer = Profile.Measure("before any profile");
        using (Profile profile = Profile.Start())
        {
            outer.Dispose();
            ProfileSpan inner = Profile.Measure("cut");
            profile.Stop();
            inner.Dispose();
        }
        using Profile next = Profile.Start();
        using (Profile.Measure("whole", ProfileCategory.Data))
        {
        }
        Assert.InRange(next.Stop().Share(ProfileCategory.Data), 0.5, 1);
    }

    [Fact]
    public void Listeners_receive_the_spans_as_events_without_a_profile()
    {
        using var listener = new SpanListener();
        using Device device = Device.Cpu(1);
        new Sequential(new Dense(3)) { Device = device }.Predict(Tensor.Zeros(2, 2));

        Assert.Contains(("linear", "products"), listener.Starts);
        Assert.Equal(listener.Starts.Count, listener.Stops);
    }

    private static void Train(Device device, FitOptions options, int samples = 96)
    {
        var model = new Sequential(new Embedding(50, 8), new Lstm(16), new Dropout(0.1), new Dense(1)) { Device = device };
        model.Compile(new Adam { ClipNorm = 1 }, Loss.BinaryCrossEntropy());
        model.Fit(Ids(samples), Targets(samples), options);
    }

    private static Tensor Ids(int samples) => Tensor.From([.. Enumerable.Range(0, samples * 20).Select(i => (float)(i * 7 % 50))], samples, 20);

    private static Tensor Targets(int samples) => Tensor.From([.. Enumerable.Range(0, samples).Select(i => (float)(i % 2))], samples, 1);

    private static void RequireNested((decimal From, decimal To)[] spans)
    {
        var open = new Stack<decimal>();
        foreach ((decimal from, decimal to) in spans)
        {
            while (open.TryPeek(out decimal end) && end <= from)
            {
                open.Pop();
            }
            Assert.True(!open.TryPeek(out decimal outer) || to <= outer, $"a span from {from} to {to} ends after the one around it, at {open.FirstOrDefault()}");
            open.Push(to);
        }
    }

    private sealed class SpanListener : EventListener
    {
        public List<(string Name, string Category)> Starts { get; } = [];

        public int Stops { get; private set; }

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "Engram")
            {
                EnableEvents(eventSource, EventLevel.Informational);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData.EventId == 1)
            {
                Starts.Add(((string)eventData.Payload![0]!, (string)eventData.Payload[1]!));
            }
            else if (eventData.EventId == 2)
            {
                Stops++;
            }
        }
    }
}
