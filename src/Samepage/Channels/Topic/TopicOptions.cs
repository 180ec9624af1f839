namespace Samepage.Channels;

/// <summary>How a topic is made. Who opens one that is there finds it as it was made.</summary>
public sealed record TopicOptions
{
    /// <summary>
    /// Bytes that each publisher has room for, rounded up to a power of two; a message is at most half as long. Memory is taken as messages first
    /// come to it. From 64 KiB to 4 GiB; default: 4 MiB.
    /// </summary>
    public long Capacity { get; init; } = 4 << 20;

    /// <summary>What happens when there is no room. Default: <see cref="TopicFullMode.Wait"/>.</summary>
    public TopicFullMode FullMode { get; init; }

    /// <summary>How many can publish at one time: 1 to 1,023; default 16.</summary>
    public int MaxPublishers { get; init; } = 16;

    /// <summary>How many can subscribe at one time: 1 to 1,023; default 63.</summary>
    public int MaxSubscribers { get; init; } = 63;

    /// <summary>Who may open it (W20). Default: <see cref="SharedAccess.User"/>.</summary>
    public SharedAccess Access { get; init; } = SharedAccess.User;

    internal ChannelShape ToShape(string type)
    {
        if (!Enum.IsDefined(FullMode))
            throw new ArgumentException($"{FullMode} is no way to be full.");
        return ChannelShape.Checked(new(SharedObjectKind.Topic, Capacity, MaxPublishers, MaxSubscribers, (uint)FullMode, Access, type));
    }
}
