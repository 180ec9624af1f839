using Samepage.Atomics;

namespace Samepage.Channels;

/// <summary>Who has a place for calls in this process: nobody, a thread that is at it, or the holder of what was lent, a response or a request.</summary>
/// <remarks>Each lending has a number, so that who holds an old one gets nothing by it. No other process sees it.</remarks>
internal struct CallUse
{
    private const uint Free = 0;
    private const uint Busy = 1;
    private const uint Lent = 2;
    private const uint Phase = 3;
    private const int GenerationShift = 2;

    private uint _word;

    /// <summary>Tells one lending from the next.</summary>
    public uint Generation => SharedAtomics.Acquire(ref _word) >> GenerationShift;

    public bool IsFree => (SharedAtomics.Acquire(ref _word) & Phase) == Free;

    public bool IsLent => (SharedAtomics.Acquire(ref _word) & Phase) == Lent;

    /// <summary>Busy from now on. False: another call is there.</summary>
    public bool TryOpen()
    {
        uint word = SharedAtomics.Acquire(ref _word);
        return (word & Phase) == Free && SharedAtomics.CompareExchange(ref _word, word, word | Busy);
    }

    /// <summary>What was lent may still be read.</summary>
    public bool IsOpen(uint generation)
    {
        uint word = SharedAtomics.Acquire(ref _word);
        return (word & Phase) != Free && word >> GenerationShift == generation;
    }

    /// <summary>By who is busy, or the only one who opens it.</summary>
    public void Lend() => SharedAtomics.Release(ref _word, _word & ~Phase | Lent);

    /// <summary>Busy again. False: it is not lent, or not that one.</summary>
    public bool TryTakeBack(uint generation)
    {
        uint word = SharedAtomics.Acquire(ref _word);
        return (word & Phase) == Lent && word >> GenerationShift == generation
            && SharedAtomics.CompareExchange(ref _word, word, word & ~Phase | Busy);
    }

    /// <summary>What was lent may not be read any more. False: somebody is busy there.</summary>
    public bool TryRevoke()
    {
        uint word = SharedAtomics.Acquire(ref _word);
        return (word & Phase) switch
        {
            Free => true,
            Lent => SharedAtomics.CompareExchange(ref _word, word, (word & ~Phase) + (1u << GenerationShift)),
            _ => false,
        };
    }

    /// <summary>By who is busy: what was given out is of no use any more.</summary>
    public void Renew() => SharedAtomics.Release(ref _word, _word + (1u << GenerationShift));

    /// <summary>By who is busy, and through.</summary>
    public void Close() => SharedAtomics.Release(ref _word, (_word & ~Phase) + (1u << GenerationShift));
}
