namespace Samepage.Platform.Windows;

/// <summary>What is to be mapped. Offset and length are in bytes of the section, and checked; address 0 leaves the choice to the system.</summary>
internal readonly record struct ViewRequest(long Offset, long Length, MemoryAccess Access, nint Address);
