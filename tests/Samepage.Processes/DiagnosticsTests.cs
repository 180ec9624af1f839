using System.Diagnostics.Metrics;
using System.Diagnostics.Tracing;
using Samepage.Channels;

namespace Samepage.Processes;

/// <summary>What a process says of the deaths of others.</summary>
public sealed class DiagnosticsTests
{
    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_peer_that_was_killed_is_told_and_counted_when_its_place_is_taken_back()
    {
        const string Name = "reclaimed";
        using var events = new Events(Name);
        using Topic topic = Topic.Create(Name, TopicScenarios.Small(TopicFullMode.Wait) with { MaxSubscribers = 1 });
        using (Peer peer = TopicScenarios.Opened(Name, "subscriber"))
            peer.Kill();
        using TopicSubscriber subscriber = topic.Subscribe();
        Assert.Equal(["topic", Name, "reader"], Assert.Single(events.Of("PeerReclaimed")));
        Assert.Equal(1, Reclaimed(Name));
    }

    [Fact]
    public async Task A_call_that_its_server_died_over_is_told()
    {
        const string Name = "lost-call";
        using var events = new Events(Name);
        using Service<int, long> service = Service<int, long>.Create(Name);
        using ServiceClient<int, long> client = service.CreateClient();
        using var peer = new Peer();
        peer.Do($"service {Name}");
        peer.Begin($"service-take {Name}");
        ValueTask<long> asked = client.CallAsync(7, _bound, cancellationToken: Token);
        Assert.Equal("7", peer.Answer());
        peer.Kill();
        await Assert.ThrowsAsync<SharedObjectException>(() => asked.AsTask());
        Assert.Equal([Name, "died"], Assert.Single(events.Of("CallLost")));
        Assert.Equal(["service", Name, "reader"], Assert.Single(events.Of("PeerReclaimed")));
    }

    private static long Reclaimed(string name)
    {
        long reclaimed = 0;
        using var listener = new MeterListener();
        // They are made a moment after the first object.
        using var published = new ManualResetEventSlim();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument is { Meter.Name: "Samepage", Name: "samepage.peers.reclaimed" })
            {
                self.EnableMeasurementEvents(instrument);
                published.Set();
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => reclaimed += tags.ToArray().Contains(new("samepage.name", name)) ? value : 0);
        listener.Start();
        Assert.True(published.Wait(_bound, Token));
        listener.RecordObservableInstruments();
        return reclaimed;
    }

    /// <summary>What is told of the objects of one name.</summary>
    private sealed class Events(string name) : EventListener
    {
        private readonly List<(string Name, string[] Payload)> _written = [];

        public IReadOnlyList<string[]> Of(string happened)
        {
            lock (_written)
                return [.. _written.Where(written => written.Name == happened && written.Payload.Contains(name)).Select(written => written.Payload)];
        }

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "Samepage")
                EnableEvents(eventSource, EventLevel.Informational);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            // What was there before this was made comes while it is being made.
            if (eventData.EventSource.Name != "Samepage" || _written is null)
                return;
            lock (_written)
                _written.Add((eventData.EventName!, [.. eventData.Payload!.Select(said => $"{said}")]));
        }
    }
}
