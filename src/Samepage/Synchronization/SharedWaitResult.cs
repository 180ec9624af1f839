namespace Samepage;

/// <summary>How a wait for several ended.</summary>
/// <param name="Result">As of a wait for one.</param>
/// <param name="Index">
/// Any: the index of the one that was taken, -1 when the time ran out. All: the index of the first mutex whose last owner died, where
/// the system tells which (<see cref="SharedWait.All(ReadOnlySpan{SharedWaitable}, CancellationToken)"/>), otherwise -1.
/// </param>
public readonly record struct SharedWaitResult(WaitResult Result, int Index);
