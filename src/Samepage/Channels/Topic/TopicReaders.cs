using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>The subscribers of a topic, as the publisher of one lane sees them.</summary>
/// <remarks>Those that died are buried when they are met: who only tries to publish, and never sleeps, is held up by none.</remarks>
internal sealed class TopicReaders(ChannelCore core, int lane) : ILaneReaders
{
    public long Slowest(long needed)
    {
        long slowest = ReaderBlock.Nowhere;
        ChannelMemory memory = core.Memory;
        for (int reader = memory.ReadersUsed; --reader >= 0;)
        {
            ReaderState state = memory.ReaderAt(reader);
            ulong owner = state.Owner;
            if (owner == 0)
                continue;
            long position = state.Position(lane);
            // Whether one lives who is in nobody's way need not be known.
            if (position >= needed || !core.IsGone(owner))
                slowest = Math.Min(slowest, position);
        }
        return slowest;
    }

    public void GiveMemory(long offset, long length) => core.Memory.GiveMemory(lane, offset, length);
}
