using Samepage.Atomics;

namespace Samepage.Channels;

/// <summary>Who has one of a client's places for calls: nobody, a call that is being made, or the reader of its response. No other process sees it.</summary>
internal struct CallUse
{
    private const uint Free = 0;
    private const uint Busy = 1;
    private const uint Lent = 2;
    private const uint Phase = 3;
    private const int GenerationShift = 2;

    private uint _word;

    /// <summary>Tells one response from the next.</summary>
    public uint Generation => SharedAtomics.Acquire(ref _word) >> GenerationShift;

    /// <summary>False: another call is there.</summary>
    public bool TryOpen()
    {
        uint word = SharedAtomics.Acquire(ref _word);
        return (word & Phase) == Free && SharedAtomics.CompareExchange(ref _word, word, word | Busy);
    }

    /// <summary>The response that was given out may still be read.</summary>
    public bool IsOpen(uint generation)
    {
        uint word = SharedAtomics.Acquire(ref _word);
        return (word & Phase) != Free && word >> GenerationShift == generation;
    }

    /// <summary>Who was busy gives the response out.</summary>
    public void Lend() => SharedAtomics.Release(ref _word, _word & ~Phase | Lent);

    /// <summary>Busy again, to close it. False: it was not lent, or not that one.</summary>
    public bool TryTakeBack(uint generation)
    {
        uint word = SharedAtomics.Acquire(ref _word);
        return (word & Phase) == Lent && word >> GenerationShift == generation
            && SharedAtomics.CompareExchange(ref _word, word, word & ~Phase | Busy);
    }

    /// <summary>No response may be read any more. False: somebody is busy there.</summary>
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

    /// <summary>Who is busy gave out a response that is of no use any more.</summary>
    public void Renew() => SharedAtomics.Release(ref _word, _word + (1u << GenerationShift));

    /// <summary>Who was busy is through.</summary>
    public void Close() => SharedAtomics.Release(ref _word, (_word & ~Phase) + (1u << GenerationShift));
}
