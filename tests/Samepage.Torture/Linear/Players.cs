using Samepage.Channels;
using Samepage.Torture.Working;

namespace Samepage.Torture.Linear;

internal sealed class RegisterPlayer(string name, Work work, int round) : Player(work, round)
{
    private readonly Cell<long> _cell = Cell<long>.Open(name);
    private int _written;

    public override void Step()
    {
        if (Work.Chance(2))
        {
            long value = (long)Work.Actor << 32 | (uint)++_written;
            Begin(LinearCode.Write, value);
            _cell.Write(value);
            Work.History.End();
            return;
        }
        Begin(LinearCode.Read);
        Work.History.End(_cell.TryRead(out long read) ? read : 0);
    }

    public override void Dispose() => _cell.Dispose();
}

internal sealed class SemaphorePlayer(string name, Work work, int round) : Player(work, round)
{
    public const int Initial = 1, Maximum = 2;

    private readonly SharedSemaphore _semaphore = SharedSemaphore.Open(name);

    public override void Step()
    {
        if (Work.Chance(2))
        {
            _ = Take(_semaphore);
            return;
        }
        Begin(LinearCode.Give);
        try
        {
            _ = _semaphore.Release();
            Work.History.End(1);
        }
        catch (SharedObjectException e) when (e.Reason == FailureReason.LimitReached)
        {
            Work.History.End(0);
        }
    }

    public override void Dispose() => _semaphore.Dispose();
}

internal sealed class EventPlayer(string name, Work work, int round) : Player(work, round)
{
    private readonly SharedEvent _signal = SharedEvent.Open(name);

    public override void Step()
    {
        int what = Work.Random.Next(8);
        if (what < 4)
        {
            _ = Take(_signal);
            return;
        }
        Begin(what == 4 ? LinearCode.Reset : LinearCode.Give);
        if (what == 4)
            _signal.Reset();
        else
            _signal.Set();
        Work.History.End(1);
    }

    public override void Dispose() => _signal.Dispose();
}

internal sealed class MutexPlayer(string name, Work work, int round) : Player(work, round)
{
    private readonly SharedMutex _mutex = SharedMutex.Open(name);
    private bool _owns;

    public override void Step()
    {
        if (!_owns)
            _owns = Take(_mutex) != WaitResult.TimedOut;
        else
            End();
    }

    public override void End()
    {
        if (!_owns)
            return;
        Begin(LinearCode.Give);
        _mutex.Release();
        Work.History.End(1);
        _owns = false;
    }

    public override void Dispose() => _mutex.Dispose();
}

/// <summary>Who comes first sends, the others receive: so there is one lane.</summary>
internal sealed class FifoPlayer(string name, Work work, int round) : Player(work, round)
{
    private readonly Channels.Queue _queue = Channels.Queue.Open(name);
    private QueueSender? _sender;
    private QueueReceiver? _receiver;
    private int _sent;

    public bool Sends { get; init; }

    public override void Step()
    {
        if (Sends)
        {
            _sender ??= _queue.CreateSender();
            long message = ++_sent;
            Begin(LinearCode.Send, message);
            Work.History.End(_sender.TrySend(BitConverter.GetBytes(message)) ? 1 : 0);
            return;
        }
        _receiver ??= _queue.CreateReceiver();
        Begin(LinearCode.Receive);
        Work.History.End(_receiver.TryReceive(out QueueMessage received) ? BitConverter.ToInt64(received.Span) : 0);
    }

    public override void Dispose()
    {
        _sender?.Dispose();
        _receiver?.Dispose();
        _queue.Dispose();
    }
}
