using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows.Waiting;

/// <summary>What a wait for several needs of each of them.</summary>
internal interface IKernelWaitable
{
    KernelHandle Handle { get; }

    /// <summary>Name and kind, without the state.</summary>
    SharedObjectInfo Identity { get; }

    /// <summary>How a wait ended that has taken it, when the system said this.</summary>
    WaitResult Told(WaitResult result) => result;

    /// <summary>Undoes what a wait took. Never throws.</summary>
    /// <param name="held">The handle as the wait held it: this object may have been disposed meanwhile.</param>
    void GiveBack(nint held);
}
