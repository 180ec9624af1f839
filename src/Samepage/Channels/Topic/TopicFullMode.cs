namespace Samepage.Channels;

/// <summary>What happens to a message for which a topic has no room, because a subscriber has not read what is in its place.</summary>
public enum TopicFullMode
{
    /// <summary>The publisher waits for the slowest subscriber, or is told that there is no room. Nothing is lost. A subscriber that dies or leaves holds nobody up.</summary>
    Wait,

    /// <summary>
    /// The oldest messages make room. A subscriber that had not read them is told how many it missed. What is being read is not overwritten: while somebody
    /// keeps a lease of the oldest, new messages are dropped, and counted by their publisher.
    /// </summary>
    DropOldest,

    /// <summary>The new message is dropped, and the publisher counts it.</summary>
    DropNewest,
}
