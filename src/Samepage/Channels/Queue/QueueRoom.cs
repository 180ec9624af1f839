namespace Samepage.Channels;

/// <summary>Those who read a lane of a queue, as its sender needs to know them: whatever they have finished may be overwritten.</summary>
/// <remarks>One that died is buried when it is met: who only tries to send, and never sleeps, is held up by none.</remarks>
internal sealed class QueueRoom(QueueCore core, int lane) : ILaneReaders
{
    public long Slowest(long needed)
    {
        QueueLane messages = core.LaneAt(lane);
        long done;
        while ((done = messages.GiveUp(needed, core.Turn)) < needed && IsGone(messages.ReceiverOfOldest))
        {
        }
        return done;
    }

    private bool IsGone(int receiver) =>
        (uint)receiver < (uint)core.Channel.Memory.Shape.Readers && core.Channel.Memory.ReaderAt(receiver).Owner is var owner and not 0 && core.Channel.IsGone(owner);

    public void GiveMemory(long offset, long length) => core.Channel.Memory.GiveMemory(lane, offset, length);
}
