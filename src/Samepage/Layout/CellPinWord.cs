namespace Samepage.Layout;

/// <summary>
/// Which slot a reader keeps from being overwritten: 0, none; else a <see cref="CellWord"/>. Where that has number 0 it asks for the latest of an
/// entry: what stands in place of the slot is its index with 1 added. A cell is entry 0.
/// </summary>
internal static class CellPinWord
{
    public const ulong None = 0;

    /// <summary>One for each value that a pin can ask for.</summary>
    public const int MostEntries = 4095;

    /// <summary>No word of a value: the first of them has number 1.</summary>
    public static ulong Asked(int entry) => (ulong)entry + 1;
}
