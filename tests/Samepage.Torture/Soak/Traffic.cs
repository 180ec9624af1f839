using Samepage.Channels;

namespace Samepage.Torture.Soak;

/// <summary>One kind of traffic between two processes: one asks, or goes first, the other answers.</summary>
internal abstract class Traffic(string kind) : IDisposable
{
    protected static readonly TimeSpan Bound = TimeSpan.FromSeconds(20), Moment = TimeSpan.FromMilliseconds(50);

    /// <summary>Little, so that all of it is in use soon.</summary>
    private const long Room = 64 << 10;

    public string Kind => kind;

    /// <summary>One operation of the first; it is measured.</summary>
    public abstract void Ask();

    /// <summary>What the other does: it waits a moment for something to answer.</summary>
    public abstract void Answer();

    public abstract void Dispose();

    public static IEnumerable<Func<string, Traffic>> All { get; } =
    [
        name => new TopicTraffic(name), name => new QueueTraffic(name), name => new ServiceTraffic(name), name => new EventTraffic(name),
        name => new MutexTraffic(name), name => new SemaphoreTraffic(name), name => new CellTraffic(name), name => new PipeTraffic(name),
    ];

    protected static void Demand(bool done, string kind)
    {
        if (!done)
            throw new TimeoutException($"{kind}: no answer within {Bound}");
    }

    /// <summary>A message to all, and one back.</summary>
    private sealed class TopicTraffic : Traffic
    {
        private readonly Topic _there, _back;
        private TopicSubscriber? _reads;
        private TopicPublisher? _writes;

        public TopicTraffic(string name) : base("topic") =>
            (_there, _back) = (Topic.CreateOrOpen(name + "-there", new TopicOptions { Capacity = Room }), Topic.CreateOrOpen(name + "-back", new TopicOptions { Capacity = Room }));

        public override void Ask()
        {
            _reads ??= _back.Subscribe();
            _writes ??= _there.CreatePublisher();
            _ = _writes.Publish(new byte[100]);
            // Whoever answers may have come after this one was published.
            while (!_reads.WaitToRead(Moment * 4))
                _ = _writes.Publish(new byte[100]);
            while (_reads.TryRead(out _))
            {
            }
        }

        public override void Answer()
        {
            _reads ??= _there.Subscribe();
            _writes ??= _back.CreatePublisher();
            _ = _reads.WaitToRead(Moment);
            while (_reads.TryRead(out TopicMessage message))
                _ = _writes.Publish(message.Span);
        }

        public override void Dispose()
        {
            _reads?.Dispose();
            _writes?.Dispose();
            _there.Dispose();
            _back.Dispose();
        }
    }

    /// <summary>Work that is leased, and its result.</summary>
    private sealed class QueueTraffic : Traffic
    {
        private readonly Queue _there, _back;
        private QueueReceiver? _reads;
        private QueueSender? _writes;

        public QueueTraffic(string name) : base("queue") =>
            (_there, _back) = (Queue.CreateOrOpen(name + "-there", new QueueOptions { Capacity = Room }), Queue.CreateOrOpen(name + "-back", new QueueOptions { Capacity = Room }));

        public override void Ask()
        {
            _reads ??= _back.CreateReceiver();
            _writes ??= _there.CreateSender();
            _ = _writes.Send(new byte[100]);
            Demand(_reads.TryReceive(Bound, out QueueMessage message), Kind);
            message.Dispose();
        }

        public override void Answer()
        {
            _reads ??= _there.CreateReceiver();
            _writes ??= _back.CreateSender();
            if (!_reads.TryLease(Moment, out QueueMessage message))
                return;
            _ = _writes.Send(message.Span);
            message.Acknowledge();
        }

        public override void Dispose()
        {
            _reads?.Dispose();
            _writes?.Dispose();
            _there.Dispose();
            _back.Dispose();
        }
    }

    private sealed class ServiceTraffic : Traffic
    {
        private readonly Service _service;
        private ServiceClient? _client;
        private ServiceServer? _server;

        public ServiceTraffic(string name) : base("service") => _service = Service.CreateOrOpen(name);

        public override void Ask()
        {
            _client ??= _service.CreateClient();
            Demand(_client.Call(new byte[100], out ServiceResponse response, Bound), Kind);
            response.Dispose();
        }

        public override void Answer()
        {
            _server ??= _service.Serve();
            if (_server.TryTake(Moment, out ServiceRequest request))
                _ = request.Reply(request.Span);
        }

        public override void Dispose()
        {
            _client?.Dispose();
            _server?.Dispose();
            _service.Dispose();
        }
    }

    /// <summary>A set, and one back.</summary>
    private sealed class EventTraffic : Traffic
    {
        private readonly SharedEvent _there, _back;

        public EventTraffic(string name) : base("event") =>
            (_there, _back) = (SharedEvent.CreateOrOpen(name + "-there", EventResetMode.AutoReset), SharedEvent.CreateOrOpen(name + "-back", EventResetMode.AutoReset));

        public override void Ask()
        {
            _there.Set();
            Demand(_back.Wait(Bound) == WaitResult.Signaled, Kind);
        }

        public override void Answer()
        {
            if (_there.Wait(Moment) == WaitResult.Signaled)
                _back.Set();
        }

        public override void Dispose()
        {
            _there.Dispose();
            _back.Dispose();
        }
    }

    private sealed class MutexTraffic : Traffic
    {
        private readonly SharedMutex _mutex;

        public MutexTraffic(string name) : base("mutex") => _mutex = SharedMutex.CreateOrOpen(name);

        public override void Ask()
        {
            Demand(_mutex.Wait(Bound) != WaitResult.TimedOut, Kind);
            _mutex.Release();
        }

        public override void Answer()
        {
            Ask();
            Thread.Sleep(1);
        }

        public override void Dispose() => _mutex.Dispose();
    }

    private sealed class SemaphoreTraffic : Traffic
    {
        private readonly SharedSemaphore _semaphore;

        public SemaphoreTraffic(string name) : base("semaphore") => _semaphore = SharedSemaphore.CreateOrOpen(name, 1, 1);

        public override void Ask()
        {
            Demand(_semaphore.Wait(Bound) == WaitResult.Signaled, Kind);
            _ = _semaphore.Release();
        }

        public override void Answer()
        {
            Ask();
            Thread.Sleep(1);
        }

        public override void Dispose() => _semaphore.Dispose();
    }

    /// <summary>A value that is written and read; the other waits for its changes.</summary>
    private sealed class CellTraffic : Traffic
    {
        private readonly Cell<long> _cell;
        private ulong _seen;

        public CellTraffic(string name) : base("cell") => _cell = Cell<long>.CreateOrOpen(name);

        public override void Ask() => _ = _cell.Update(static v => v + 1);

        public override void Answer()
        {
            if (_cell.WaitForChange(_seen, Moment))
                _ = _cell.TryRead(out _, out _seen);
        }

        public override void Dispose() => _cell.Dispose();
    }

    /// <summary>A conversation of some messages, then the next connection.</summary>
    private sealed class PipeTraffic(string name) : Traffic("pipe")
    {
        private const int Messages = 100;

        private PipeListener? _listener;
        private PipeConnection? _connection;
        private int _asked;

        public override void Ask()
        {
            _connection ??= PipeConnection.Connect(name, Bound);
            _connection.Write(new byte[100]);
            // A wait may be told once too often.
            while (!_connection.TryRead(out _))
                Demand(_connection.WaitToRead(Bound), Kind);
            if (++_asked % Messages == 0)
                Close();
        }

        public override void Answer()
        {
            _listener ??= PipeListener.Create(name, new PipeOptions { Mode = PipeMode.Messages, Capacity = Room });
            if (_connection is null && !_listener.TryAccept(Moment, out _connection))
                return;
            _ = _connection.WaitToRead(Moment);
            if (_connection.TryRead(out PipeMessage message))
                _connection.Write(message.Span);
            else if (_connection.IsCompleted)
                Close();
        }

        private void Close()
        {
            _connection?.Dispose();
            _connection = null;
        }

        public override void Dispose()
        {
            Close();
            _listener?.Dispose();
        }
    }
}
