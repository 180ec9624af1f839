namespace Samepage.Atomics;

/// <summary>A word that two threads of this process hand each other data by: each load of it acquires, each store releases.</summary>
/// <remarks>
/// A field, where <see cref="SharedAtomics"/> has methods: a load or store of it is no call in any build, for code that may not call anything.
/// </remarks>
internal struct OrderedWord
{
    public volatile uint Value;
}
