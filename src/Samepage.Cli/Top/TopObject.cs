using Samepage.Channels;
using Samepage.Cli.Output;

namespace Samepage.Cli.Top;

/// <summary>An object as one look saw it: what counts up, how much lies in the way, and who waits for whom.</summary>
internal sealed record TopObject
{
    public required string Name { get; init; }

    public required SharedObjectKind Kind { get; init; }

    /// <summary>With its maker it tells one object from the next of the same name.</summary>
    public DateTimeOffset Created { get; init; }

    public int CreatorProcessId { get; init; }

    /// <summary>How many processes have it open; null: that is not seen.</summary>
    public int? Holders { get; init; }

    /// <summary>How many messages, values or calls there ever were; null where nobody counts.</summary>
    public long? Messages { get; init; }

    /// <summary>How many bytes were ever written, with what stands around the messages; null where nobody counts.</summary>
    public long? Bytes { get; init; }

    /// <summary>What nobody has taken yet: messages, calls, of a pipe bytes. Of a topic how far the last subscriber is behind.</summary>
    public long? Lag { get; init; }

    /// <summary>How many sleep on it; null where the system does not tell.</summary>
    public int? Waiters { get; init; }

    /// <summary>Who blocks whom, in words; empty: nobody.</summary>
    public string Blocked { get; init; } = "";

    /// <summary>All that is known of it; null only where somebody made it up.</summary>
    public SharedObjectInfo? Info { get; init; }

    public static TopObject Of(SharedObjectInfo o, ChannelInfo? channel) => new()
    {
        Name = o.Name ?? "-",
        Kind = o.Kind,
        Created = o.Created,
        CreatorProcessId = o.CreatorProcessId,
        Holders = o.Holders?.Count,
        Messages = MessagesOf(channel),
        Bytes = BytesOf(channel),
        Lag = LagOf(channel),
        Waiters = channel is null ? o.State?.WaiterCount : channel.Readers.Count(r => r is { IsAlive: true, IsWaiting: true }) + channel.Writers.Count(w => w is { IsAlive: true, IsWaiting: true }),
        Blocked = Blocking.Of(o, channel),
        Info = o,
    };

    /// <summary>The same object, seen by another look.</summary>
    public bool IsSame(TopObject other) => (Name, Kind, Created, CreatorProcessId) == (other.Name, other.Kind, other.Created, other.CreatorProcessId);

    private static long? MessagesOf(ChannelInfo? channel) => channel?.Kind switch
    {
        SharedObjectKind.Topic or SharedObjectKind.Queue or SharedObjectKind.Service => ChannelText.Total(channel.Writers.Select(w => w.Written)),
        SharedObjectKind.Cell or SharedObjectKind.CellMap => ChannelText.Total(channel.Values.Select(v => (long)v.ChangeNumber)),
        _ => null,
    };

    private static long? BytesOf(ChannelInfo? channel) => channel?.Kind switch
    {
        SharedObjectKind.Topic or SharedObjectKind.Queue => ChannelText.Total(channel.Writers.Select(w => w.Position)),
        SharedObjectKind.Pipe => ChannelText.Total(channel.Connections.Select(c => c.ToServer + c.ToClient)),
        _ => null,
    };

    private static long? LagOf(ChannelInfo? channel) => channel?.Kind switch
    {
        SharedObjectKind.Topic => channel.Readers.Max(r => r.Lag),
        SharedObjectKind.Queue or SharedObjectKind.Service => ChannelText.Total(channel.Writers.Select(w => w.Waiting ?? 0)),
        SharedObjectKind.Pipe => ChannelText.Total(channel.Connections.Select(c => c.ToServerUnread + c.ToClientUnread)),
        _ => null,
    };
}
