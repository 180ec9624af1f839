namespace Samepage.Platform.Linux.Tethers;

/// <summary>Which object of a scope: the file's number alone may become another object's.</summary>
/// <param name="Inode">Of the object's file.</param>
/// <param name="Created">The ticks of its creation, from its header.</param>
internal readonly record struct ObjectIdentity(ulong Inode, long Created);
