using System.Diagnostics.Metrics;
using Entry = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Samepage.Diagnostics;

/// <summary>The meter. All of its instruments are observed: they ask what there is when somebody collects, and cost nothing until then.</summary>
/// <remarks>docs/guide/diagnostics.md lists them.</remarks>
internal static class Instruments
{
    private static readonly Lock _gate = new();
    private static Meter? _meter;
    private static bool _isAsked;

    /// <summary>There is an object to tell of. They are made aside, as that takes longer than to open one: whoever listens sees them a moment later.</summary>
    public static void Publish()
    {
        if (_isAsked)
            return;
        _isAsked = true;
        _ = ThreadPool.UnsafeQueueUserWorkItem(static _ => Make(), null);
    }

    /// <summary>They are there when this returns.</summary>
    public static void Make()
    {
        lock (_gate)
        {
            if (_meter is null)
                Fill(_meter = new Meter("Samepage", typeof(Instruments).Assembly.GetName().Version?.ToString(3)));
        }
    }

    private static void Fill(Meter meter)
    {
        Count(meter, "samepage.messages", "{message}", "Messages that this process sent and received.", c => c.Sent, c => c.Received);
        Count(meter, "samepage.bytes", "By", "Bytes of the messages that this process sent and received.", c => c.SentBytes, c => c.ReceivedBytes);
        Count(meter, "samepage.wakeups", "{wakeup}", "Bells that this process rang (sent), and sleeps of its own that ended with news (received).", c => c.Rings, c => c.Awakenings);
        Count(meter, "samepage.full_waits", "{wait}", "Waits of writers for room.", c => c.FullWaits);
        Count(meter, "samepage.peers.reclaimed", "{peer}", "Places of dead peers that this process took back.", c => c.Reclaimed);
        _ = meter.CreateObservableGauge("samepage.lag", Lags, "{message}", "What the slowest reader in this process has not read of what is there.");
        _ = meter.CreateObservableUpDownCounter("samepage.objects.held", Held, "{object}", "Handles of objects that this process has open, those of the parts of channels included.");
        _ = meter.CreateObservableCounter("samepage.mutex.contention", () => Mutexes(w => w.Contended), "{wait}", "Waits that found the mutex owned by another thread.");
        _ = meter.CreateObservableCounter("samepage.mutex.abandoned", () => Mutexes(w => w.Abandoned), "{mutex}", "Mutexes taken from an owner that had died.");
    }

    private static void Count(Meter meter, string name, string unit, string description, Func<Counts, long> sent, Func<Counts, long> received) =>
        _ = meter.CreateObservableCounter(name, () => Totals((sent, Tags.Sent), (received, Tags.Received)), unit, description);

    private static void Count(Meter meter, string name, string unit, string description, Func<Counts, long> count) =>
        _ = meter.CreateObservableCounter(name, () => Totals((count, null)), unit, description);

    /// <summary>Of what an object never did nothing is said.</summary>
    private static List<Measurement<long>> Totals(params ReadOnlySpan<(Func<Counts, long> Of, string? Direction)> columns)
    {
        List<Measurement<long>> measured = [];
        foreach ((SharedObjectKind kind, string name, Counts counts) in MeasuredObjects.Totals())
        {
            Entry kindTag = new(Tags.Kind, Tags.Of(kind)), nameTag = new(Tags.Name, name);
            foreach ((Func<Counts, long> of, string? direction) in columns)
            {
                if (of(counts) is var value and not 0)
                    measured.Add(direction is null ? new(value, kindTag, nameTag) : new(value, kindTag, nameTag, new Entry(Tags.Direction, direction)));
            }
        }
        return measured;
    }

    private static IEnumerable<Measurement<long>> Lags() =>
        MeasuredObjects.Lags().Select(o => new Measurement<long>(o.Lag, new(Tags.Kind, Tags.Of(o.Kind)), new(Tags.Name, o.Name)));

    private static IEnumerable<Measurement<long>> Held() =>
        HeldObjects.Counted().Select(held => new Measurement<long>(held.Count, new Entry(Tags.ObjectKind, Tags.Of(held.Kind))));

    private static IEnumerable<Measurement<long>> Mutexes(Func<(string Name, long Contended, long Abandoned), long> of) =>
        MutexWaits.Counted().Where(waits => of(waits) != 0).Select(waits => new Measurement<long>(of(waits), new Entry(Tags.Name, waits.Name)));
}
