namespace Samepage.Channels;

/// <summary>A lane of a channel, and who writes it: a publisher or a sender.</summary>
/// <param name="Lane">Which lane; whoever comes when its writer has gone goes on in it.</param>
/// <param name="ProcessId">The process that writes it; 0: nobody does at this moment.</param>
/// <param name="IsAlive">False: nobody writes it, or its process has ended and the place is not given up yet.</param>
/// <param name="Written">How many messages were ever written to it.</param>
/// <param name="Position">How many bytes were ever written to it, with what stands around the messages.</param>
/// <param name="Waiting">Of a queue: how many of its messages nobody has taken yet, but for those that were given back; null when that changed while it was counted, and for other kinds.</param>
public readonly record struct ChannelWriterInfo(int Lane, int ProcessId, bool IsAlive, long Written, long Position, long? Waiting);
