namespace Samepage.Channels;

/// <summary>How a subscriber reads a topic.</summary>
public sealed record SubscriptionOptions
{
    /// <summary>
    /// How many of each publisher's messages that are still there it begins with: 0 for new ones only (the default), <see cref="All"/> for as many as there are.
    /// </summary>
    public long History { get; init; }

    /// <summary>The kinds of messages it wants; null (the default) for all.</summary>
    public IReadOnlyCollection<uint>? Kinds { get; init; }

    /// <summary>How it waits.</summary>
    public WaitStrategy Strategy { get; init; }

    /// <summary>A <see cref="History"/> of all that is still there.</summary>
    public const long All = long.MaxValue;
}
