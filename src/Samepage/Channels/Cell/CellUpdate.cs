namespace Samepage.Channels;

/// <summary>Makes the next value of a <see cref="Cell"/> of the latest.</summary>
/// <typeparam name="TState">What is handed through.</typeparam>
/// <param name="latest">The latest value, in place, for as long as the function runs; empty when none was ever written.</param>
/// <param name="state">What was handed in.</param>
/// <returns>The next value, which is copied; it may be a part of the latest.</returns>
public delegate ReadOnlySpan<byte> CellUpdate<in TState>(ReadOnlySpan<byte> latest, TState state);
