using System.Diagnostics;
using System.Diagnostics.Metrics;
using Samepage.Channels;

namespace Samepage.Guide;

public sealed class DiagnosticsPage : Page
{
    [Fact]
    public void Metrics()
    {
        using Topic topic = Topic.Create("measured");
        using TopicPublisher publisher = topic.CreatePublisher();
        publisher.Publish("one"u8);
        // The instruments are made on another thread, a moment after the first object.
        Assert.True(SpinWait.SpinUntil(() => Measure().Contains("samepage.messages"), TimeSpan.FromSeconds(30)));
    }

    private static HashSet<string> Measure()
    {
        HashSet<string> seen = [];
        void Show(string instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => seen.Add(instrument);
        #region diagnostics-meter
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == "Samepage")
                l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Show(instrument.Name, value, tags));
        listener.Start();
        listener.RecordObservableInstruments();      // whenever you want to know
        #endregion
        return seen;
    }

    [Fact]
    public void Trace_context()
    {
        using var source = new ActivitySource("orders");
        using var listener = new ActivityListener
        {
            ShouldListenTo = s => s.Name is "orders" or "Samepage",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        using Queue orders = Queue.Create("traced orders");
        using QueueSender sender = orders.CreateSender();
        using QueueReceiver receiver = orders.CreateReceiver();
        ActivityTraceId sent;
        using (Activity order = source.StartActivity("order")!)
        {
            sent = order.TraceId;
            sender.Send("two teas"u8);
        }
        Assert.Equal(sent, Fulfil(source, receiver));
    }

    private static ActivityTraceId? Fulfil(ActivitySource source, QueueReceiver receiver)
    {
        #region diagnostics-context
        QueueMessage order = receiver.Receive();
        using Activity? activity = source.StartActivity("fulfil order", ActivityKind.Consumer, order.TraceContext);
        #endregion
        return activity?.TraceId;
    }
}
