namespace Samepage.Channels;

/// <summary>A lane of a channel, and who writes it: a publisher, a sender or a client.</summary>
/// <param name="Lane">Which lane; whoever comes when its writer has gone goes on in it.</param>
/// <param name="ProcessId">The process that writes it; 0: nobody does at this moment.</param>
/// <param name="IsAlive">False: nobody writes it, or its process has ended and the place is not given up yet.</param>
/// <param name="Written">How many messages were ever written to it; of a service how often its clients have asked, and of a cell 0: that is not counted by who writes.</param>
/// <param name="Position">How many bytes were ever written to it, with what stands around the messages; 0 where that is not counted (cells, services).</param>
/// <param name="Waiting">Of a queue: how many of its messages nobody has taken yet, but for those that were given back; null when that changed while it was counted. Of a service: how many calls no server has taken yet. Null for other kinds.</param>
/// <param name="IsWaiting">It went to sleep until there is room, or an answer, and has found none since.</param>
public readonly record struct ChannelWriterInfo(int Lane, int ProcessId, bool IsAlive, long Written, long Position, long? Waiting, bool IsWaiting);
