namespace Samepage.Channels;

/// <summary>A message that lies in a channel, read or not: <see cref="ChannelInspector.Peek"/>.</summary>
/// <param name="Lane">The lane, and so the writer, that it is of.</param>
/// <param name="Number">Counted from 0 with the first that was ever written to the lane.</param>
/// <param name="Kind">What its writer called its kind.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Beginning">A copy of its first bytes, as many as were asked for.</param>
/// <param name="Deliveries">Of a queue: how often it was given to a receiver; null for other kinds.</param>
public readonly record struct ChannelMessageInfo(int Lane, long Number, uint Kind, int Length, ReadOnlyMemory<byte> Beginning, int? Deliveries);
