namespace Samepage.Channels;

/// <summary>What somebody sent to everyone who listens (W40).</summary>
/// <param name="First">The first word of data (Windows: wParam).</param>
/// <param name="Second">The second (lParam).</param>
/// <param name="Sender">Who sent it: the <see cref="Broadcast.Id"/> of one of the broadcast's handles.</param>
public readonly record struct BroadcastMessage(long First, long Second, long Sender);
