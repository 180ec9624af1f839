namespace Samepage;

/// <summary>What may be done with a section, or with a view of it (W10).</summary>
public enum MemoryAccess
{
    /// <summary>Reading.</summary>
    Read,

    /// <summary>Reading and writing; everyone sees what is written.</summary>
    ReadWrite,

    /// <summary>Reading and writing; what is written stays in this view: neither other processes nor the file ever see it.</summary>
    CopyOnWrite,

    /// <summary>Reading, and running code that lies there.</summary>
    ReadExecute,

    /// <summary>Reading, writing, and running code that lies there.</summary>
    ReadWriteExecute,

    /// <summary>As <see cref="CopyOnWrite"/>, and running code that lies there.</summary>
    CopyOnWriteExecute,
}
