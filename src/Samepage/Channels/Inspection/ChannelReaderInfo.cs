namespace Samepage.Channels;

/// <summary>Who reads a channel: a subscriber or a receiver.</summary>
/// <param name="ProcessId">The process that reads.</param>
/// <param name="IsAlive">False: it has ended, and its place is not given up yet.</param>
/// <param name="Lag">
/// How many messages it has not read, as far as it has said: while it reads it says so now and then, and before it sleeps. Null: messages are not its own (a queue).
/// </param>
/// <param name="LagBytes">The same in bytes, with what stands around the messages; null where nobody waits for it (a topic that drops the oldest).</param>
/// <param name="Missed">How many messages were overwritten before it read them.</param>
public readonly record struct ChannelReaderInfo(int ProcessId, bool IsAlive, long? Lag, long? LagBytes, long Missed);
