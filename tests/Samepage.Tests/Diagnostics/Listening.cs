using System.Diagnostics;
using System.Diagnostics.Metrics;
using Samepage.Diagnostics;

namespace Samepage.Tests.Diagnostics;

/// <summary>Whoever listens hears all of this process: these tests have it to themselves.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class Listening;

/// <summary>What the library's meter says of the objects of one name, whenever it is asked.</summary>
internal sealed class Meters : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Dictionary<(string Instrument, string? Direction), long> _values = [];
    private readonly string? _name;

    public Meters(string? name)
    {
        Instruments.Make();
        _name = name;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Samepage")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var said = tags.ToArray().ToDictionary(tag => tag.Key, tag => (string?)tag.Value);
            if (said.GetValueOrDefault("samepage.name") == _name)
                _values[(instrument.Name, said.GetValueOrDefault("samepage.direction") ?? said.GetValueOrDefault("samepage.object.kind"))] = value;
        });
        _listener.Start();
    }

    public void Collect()
    {
        _values.Clear();
        _listener.RecordObservableInstruments();
    }

    public long? Of(string instrument, string? direction = null)
    {
        Collect();
        return _values.TryGetValue((instrument, direction), out long value) ? value : null;
    }

    public void AssertSent(long messages, long bytes) => Assert.Equal((messages, bytes), (Of("samepage.messages", "sent"), Of("samepage.bytes", "sent")));

    public void AssertReceived(long messages, long bytes) => Assert.Equal((messages, bytes), (Of("samepage.messages", "received"), Of("samepage.bytes", "received")));

    public void Dispose() => _listener.Dispose();
}

/// <summary>All activities of the library and of the test that ended while this listened.</summary>
internal sealed class Traces : IDisposable
{
    private static readonly ActivitySource _tests = new("Samepage.Tests");

    private readonly ActivityListener _listener;
    private readonly List<Activity> _ended = [];

    public Traces()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Samepage" or "Samepage.Tests",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                lock (_ended)
                    _ended.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public static Activity Begin() => _tests.StartActivity("test")!;

    public int Count(ActivityKind kind)
    {
        lock (_ended)
            return _ended.Count(activity => activity.Kind == kind);
    }

    public Activity Single(ActivityKind kind)
    {
        lock (_ended)
            return Assert.Single(_ended, activity => activity.Kind == kind);
    }

    public void Dispose() => _listener.Dispose();
}
