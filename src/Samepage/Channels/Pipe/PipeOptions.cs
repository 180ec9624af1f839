using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>How a pipe is made. Who connects to one finds it as it was made.</summary>
public sealed record PipeOptions
{
    private const long LargestCapacity = 1 << 29;

    /// <summary>
    /// Bytes that each direction has room for, rounded up to a power of two; a message is at most half as long. Memory is taken as bytes first come to it.
    /// From 64 KiB to 512 MiB; default: 256 KiB.
    /// </summary>
    public long Capacity { get; init; } = 256 << 10;

    /// <summary>What it carries. Default: <see cref="PipeMode.Bytes"/>.</summary>
    public PipeMode Mode { get; init; }

    /// <summary>How many clients can be waiting to be accepted: 1 to 1,023; default 63. Who comes when there are so many waits for a place.</summary>
    public int Backlog { get; init; } = 63;

    /// <summary>Who may connect (W20). Default: <see cref="SharedAccess.User"/>.</summary>
    public SharedAccess Access { get; init; } = SharedAccess.User;

    /// <summary>How this process waits. Default: <see cref="WaitStrategy.SpinThenBlock"/>.</summary>
    public WaitStrategy Strategy { get; init; }

    internal ChannelShape ToListener() => Checked(1, Backlog);

    internal ChannelShape ToPair() => Checked(PipeSide.Count, PipeSide.Count);

    private ChannelShape Checked(int lanes, int readers)
    {
        if (!Enum.IsDefined(Mode))
            throw new ArgumentException($"{Mode} is nothing that a pipe carries.");
        if (Capacity > LargestCapacity)
            throw new ArgumentException($"A pipe has room for {LargestCapacity:N0} bytes each way at most, not for {Capacity:N0}.");
        return ChannelShape.Checked(new(SharedObjectKind.Pipe, Capacity, lanes, readers, (uint)Mode, Access, ""));
    }
}
