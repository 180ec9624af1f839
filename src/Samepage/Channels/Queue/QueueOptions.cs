namespace Samepage.Channels;

/// <summary>How a queue is made. Who opens one that is there finds it as it was made.</summary>
public sealed record QueueOptions
{
    /// <summary>
    /// Bytes that each sender has room for in each priority, rounded up to a power of two; a message is at most half as long, and takes 16 more.
    /// Memory is taken as messages first come to it. From 64 KiB to 4 GiB; default: 4 MiB.
    /// </summary>
    public long Capacity { get; init; } = 4 << 20;

    /// <summary>What happens when there is no room. Default: <see cref="QueueFullMode.Wait"/>.</summary>
    public QueueFullMode FullMode { get; init; }

    /// <summary>How many priorities there are, from 0 up, of which the highest is received first: 1 to 8; default 1.</summary>
    public int Priorities { get; init; } = 1;

    /// <summary>How many can send at one time; default 16. With the priorities it makes 1,023 at most.</summary>
    public int MaxSenders { get; init; } = 16;

    /// <summary>How many can receive at one time: 1 to 1,023; default 63.</summary>
    public int MaxReceivers { get; init; } = 63;

    /// <summary>Who may open it (W20). Default: <see cref="SharedAccess.User"/>.</summary>
    public SharedAccess Access { get; init; } = SharedAccess.User;

    internal ChannelShape ToShape(string type, bool isMailbox = false)
    {
        if (!Enum.IsDefined(FullMode))
            throw new ArgumentException($"{FullMode} is no way to be full.");
        if (Priorities is < 1 or > QueueMode.MostPriorities)
            throw new ArgumentException($"There are 1 to {QueueMode.MostPriorities} priorities, and not {Priorities}.");
        int lanes = (int)Math.Clamp((long)MaxSenders * Priorities, int.MinValue, int.MaxValue);
        return ChannelShape.Checked(new(SharedObjectKind.Queue, Capacity, lanes, isMailbox ? 1 : MaxReceivers,
            new QueueMode(FullMode, Priorities, isMailbox).Word, Access, type));
    }
}
