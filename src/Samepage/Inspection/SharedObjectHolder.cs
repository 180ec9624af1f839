namespace Samepage;

/// <summary>A process that has an object open.</summary>
/// <param name="ProcessId">Its process id.</param>
/// <param name="Program">The program it runs.</param>
public readonly record struct SharedObjectHolder(int ProcessId, string Program);
