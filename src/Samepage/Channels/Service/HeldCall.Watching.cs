using Samepage.Atomics;
using Samepage.Layout;

namespace Samepage.Channels;

// What becomes of the call while it is held: nobody wants it any more, or there is room for more of its responses.
internal sealed unsafe partial class HeldCall
{
    private uint _isWatched;
    private CancellationTokenSource? _cancellation;
    private TaskCompletionSource? _room;
    private int _wanted;

    public bool IsCancelled(uint generation)
    {
        lock (_gate)
            return !_use.IsOpen(generation) || slot.State != _taken;
    }

    public CancellationToken TokenOf(uint generation)
    {
        CancellationToken token;
        lock (_gate)
        {
            Check(generation);
            token = (_cancellation ??= new CancellationTokenSource()).Token;
            SharedAtomics.Release(ref _isWatched, 1);
        }
        Watch();
        return token;
    }

    /// <summary>Until there may be room, or nobody wants it any more.</summary>
    public Task WaitForRoomAsync(uint generation, int length)
    {
        Task room;
        lock (_gate)
        {
            Check(generation);
            room = (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            slot.WantRoom(true);
            _counts.FullWaits++;
            _wanted = length;
            SharedAtomics.Release(ref _isWatched, 1);
        }
        Watch();
        return room;
    }

    /// <summary>Tells the handler what has changed.</summary>
    public void Look()
    {
        lock (_gate)
        {
            if (_isWatched == 0)
                return;
            bool isOver = slot.State != _taken;
            if (isOver && _cancellation is { IsCancellationRequested: false })
                _ = _cancellation.CancelAsync();
            if (_room is null || !isOver && !HasRoom())
                return;
            slot.WantRoom(false);
            _room.SetResult();
            _room = null;
        }
    }

    private void Watch()
    {
        calls.Watch(lane);
        // What was so before anybody was told.
        Look();
    }

    /// <summary>Under the gate: there will be no news of this call.</summary>
    private void EndWatch()
    {
        if (_cancellation is not null && !_cancellation.TryReset())
        {
            _cancellation.Dispose();
            _cancellation = null;
        }
        _room?.SetResult();
        _room = null;
        SharedAtomics.Release(ref _isWatched, 0);
    }

    private bool HasRoom()
    {
        ulong free = (uint)core.Block.Responses - (_written - slot.Read);
        int offset = (int)(_written & (uint)(core.Block.Responses - 1));
        // Where it does not fit at the end, first that is skipped.
        return (ulong)Math.Min(CallBlock.StrideOf(_wanted), core.Block.Responses - offset) <= free;
    }
}
