namespace Samepage.Channels;

/// <summary>Who reads a channel: a subscriber, a receiver, or a server; of a cell a handle, or a wait for a change.</summary>
/// <param name="ProcessId">The process that reads.</param>
/// <param name="IsAlive">False: it has ended, and its place is not given up yet.</param>
/// <param name="Lag">
/// How many messages it has not read, as far as it has said: while it reads it says so now and then, and before it sleeps. Null: messages are not its own (all but a topic).
/// </param>
/// <param name="LagBytes">The same in bytes, with what stands around the messages; null where nobody waits for it (a topic that drops the oldest).</param>
/// <param name="Missed">How many messages were overwritten before it read them.</param>
/// <param name="IsWaiting">It went to sleep until there is something for it, and has found nothing since.</param>
/// <param name="Serving">Of a service: how many calls it has taken and not answered yet; null for other kinds.</param>
public readonly record struct ChannelReaderInfo(int ProcessId, bool IsAlive, long? Lag, long? LagBytes, long Missed, bool IsWaiting, int? Serving);
