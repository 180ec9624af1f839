namespace Samepage.Channels;

/// <summary>A message that a receiver has.</summary>
/// <param name="Lane">Where it lies.</param>
/// <param name="Position">Of its record.</param>
/// <param name="Length">Of the message, in bytes.</param>
/// <param name="State">As the receiver wrote it.</param>
internal readonly record struct QueueLease(QueueLane Lane, long Position, int Length, ulong State);
