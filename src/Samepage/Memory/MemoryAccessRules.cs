namespace Samepage;

/// <summary>Which access follows from which (W11), the same on every platform.</summary>
internal static class MemoryAccessRules
{
    public static bool WritesThrough(this MemoryAccess access) =>
        access is MemoryAccess.ReadWrite or MemoryAccess.ReadWriteExecute;

    public static bool CanWrite(this MemoryAccess access) =>
        access is not (MemoryAccess.Read or MemoryAccess.ReadExecute);

    public static bool IsPrivate(this MemoryAccess access) =>
        access is MemoryAccess.CopyOnWrite or MemoryAccess.CopyOnWriteExecute;

    public static bool Executes(this MemoryAccess access) => access >= MemoryAccess.ReadExecute;

    /// <summary>True when a section of protection <paramref name="section"/> allows a view with <paramref name="view"/>.</summary>
    /// <remarks>A private copy asks only for reading: its writes go nowhere else.</remarks>
    public static bool Allows(this MemoryAccess section, MemoryAccess view) =>
        (!view.WritesThrough() || section.WritesThrough()) && (!view.Executes() || section.Executes());

    public static void Check(MemoryAccess access, string parameter)
    {
        if (!Enum.IsDefined(access))
            throw new ArgumentOutOfRangeException(parameter, access, "This is no memory access.");
    }
}
