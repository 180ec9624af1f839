using System.Diagnostics.Metrics;
using Samepage.Bench.Harness;

namespace Samepage.Bench.Cases;

/// <summary>Messages of 64 bytes through a topic, as fast as they are read, while both processes collect all metrics of the library, and while they do not.</summary>
internal sealed class MeteredStream : Suite
{
    public const string Role = "metered-stream-";

    private const int Size = 64;
    private const string Metered = "metered";

    /// <summary>Ten times as often as usual: within each sample.</summary>
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(100);

    public MeteredStream()
    {
        string name = UniqueName("metered");
        CountedContender Pair(string how) => CountedContender.InPair($"topic, {Size} B, {how}", Own(
            PeerPair.Start((core, side) => PeerProcess.Own(core, processorCount: 2, $"{Role}{how}", $"{name}-{how}", side))));

        Comparisons = [new($"topic, {Size} B, metrics collected ten times a second: a message", Pair(Metered), Pair("unobserved"), Target.AtMost(1.1))];
    }

    public override IReadOnlyList<Comparison> Comparisons { get; }

    /// <summary>One of the two sides.</summary>
    public static void Serve(string how, string name, bool first)
    {
        if (how != Metered)
        {
            TopicStream.Serve(Size, name, first);
            return;
        }
        using var listener = new MeterListener { InstrumentPublished = static (instrument, listener) => Listen(instrument, listener) };
        listener.SetMeasurementEventCallback<long>(static (_, _, _, _) => { });
        listener.Start();
        using var timer = new Timer(_ => listener.RecordObservableInstruments(), null, _interval, _interval);
        TopicStream.Serve(Size, name, first);
    }

    private static void Listen(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Name == "Samepage")
            listener.EnableMeasurementEvents(instrument);
    }
}
