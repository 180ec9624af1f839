using Samepage.Atomics;
using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>A <see cref="ConnectRequest"/> in mapped memory.</summary>
/// <param name="word">Its address; the owner of this value keeps it mapped.</param>
internal readonly unsafe struct RequestState(nint word)
{
    // SYNC(request): pairs with the release in Ask, and with the exchange in TryMove.
    public ulong Value => SharedAtomics.Acquire((ulong*)word);

    public void Ask(ulong id)
    {
        // SYNC(request): pairs with the acquire in Value: the connection is there.
        SharedAtomics.Release((ulong*)word, ConnectRequest.Asked(id));
        CrashSwitch.Reach(CrashPoint.RequestAsked);
    }

    // NO-POINT: each caller has its own.
    public bool TryMove(ulong from, ulong to) => SharedAtomics.CompareExchange((ulong*)word, from, to);

    public void Clear()
    {
        SharedAtomics.Release((ulong*)word, ConnectRequest.None);
        CrashSwitch.Reach(CrashPoint.RequestCleared);
    }
}
