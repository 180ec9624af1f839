using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>A service as somebody sees it who has no part in it: who calls, who serves, and where the calls stand.</summary>
internal static class ServiceLook
{
    /// <exception cref="SharedObjectException"><see cref="FailureReason.Corrupt"/>.</exception>
    public static ChannelInfo Of(ChannelMemory memory)
    {
        ChannelShape shape = memory.Shape;
        CallBlock block = ServiceCore.BlockOf(memory, out int calls);
        int[] serving = new int[shape.Readers];
        return new ChannelInfo
        {
            Name = memory.Name.Full,
            Kind = shape.Kind,
            Capacity = shape.Capacity,
            MaxWriters = shape.Lanes,
            MaxReaders = shape.Readers,
            MaxCalls = calls,
            LongestRequest = block.LongestRequest,
            LongestResponse = block.LongestResponse,
            MessageType = shape.Type,
            // First, as they say what each server has.
            Writers = [.. Enumerable.Range(0, memory.LanesUsed).Select(lane => Client(memory, lane, new ServiceLane(memory, lane, block, calls), serving))],
            Readers = [.. ChannelInspector.ReadersOf(memory).Select(server => ChannelInspector.Reader(memory, server) with { Serving = serving[server] })],
        };
    }

    private static ChannelWriterInfo Client(ChannelMemory memory, int lane, ServiceLane places, int[] serving)
    {
        long asked = 0, waiting = 0;
        for (int place = places.Used; --place >= 0;)
        {
            CallState state = places.SlotAt(place).State;
            asked += (long)state.Serial;
            if (state.Phase == CallPhase.Waiting)
                waiting++;
            else if (state.Phase is CallPhase.Taken or CallPhase.Cancelled && (uint)state.Server < (uint)serving.Length)
                serving[state.Server]++;
        }
        return ChannelInspector.Writer(memory, lane, asked, 0, waiting);
    }
}
