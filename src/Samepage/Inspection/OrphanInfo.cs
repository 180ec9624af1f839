namespace Samepage;

/// <summary>Something in the directory of a scope that no live object accounts for.</summary>
/// <param name="Name">The object's name, or the file's name where the file is not ours.</param>
/// <param name="Scope">Where it lies.</param>
/// <param name="Bytes">The memory that it occupies.</param>
/// <param name="Removed">True when it has just been removed.</param>
/// <param name="Remark">Why it was left alone, when it was.</param>
public readonly record struct OrphanInfo(string Name, SharedObjectScope Scope, long Bytes, bool Removed, string? Remark);
