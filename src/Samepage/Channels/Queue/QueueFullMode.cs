namespace Samepage.Channels;

/// <summary>What happens to a message for which its sender has no room in a queue.</summary>
public enum QueueFullMode
{
    /// <summary>The sender waits, or is told that there is no room. Nothing is lost.</summary>
    Wait,

    /// <summary>The sender's oldest messages of the same priority make room, and it counts them; a message that a receiver has is never dropped.</summary>
    DropOldest,

    /// <summary>The new message is dropped, and the sender counts it.</summary>
    DropNewest,
}
