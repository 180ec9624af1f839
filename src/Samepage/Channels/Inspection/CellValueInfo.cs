namespace Samepage.Channels;

/// <summary>What can be seen of the latest value of a cell, without reading it.</summary>
/// <param name="Key">Its key in a map of cells; null for a cell.</param>
/// <param name="Length">In bytes; null when none was ever written.</param>
/// <param name="ChangeNumber">How many values were ever written.</param>
/// <param name="LastWriter">The process that wrote it; 0: nobody did.</param>
public readonly record struct CellValueInfo(string? Key, int? Length, ulong ChangeNumber, int LastWriter);
