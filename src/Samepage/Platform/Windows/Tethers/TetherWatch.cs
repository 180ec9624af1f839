namespace Samepage.Platform.Windows.Tethers;

/// <summary>A tether that this process watches, as its keeper knows it.</summary>
/// <param name="member">Closed by the keeper, which may be asleep on it.</param>
/// <param name="gone">The event that is set, for good, when the member is gone. It belongs to a <see cref="TetherHandle"/>. 0: there is none.</param>
/// <param name="notify">Called then, on the keeper's thread.</param>
internal sealed class TetherWatch(OpenedMember member, nint gone, Action? notify = null)
{
    public OpenedMember Member => member;

    public nint Gone => gone;

    public Action? Notify => notify;

    /// <summary>Once it is in a keeper's order.</summary>
    public TetherKeeper? Keeper { get; set; }

    /// <summary>Under the gate: the end was told, or nobody wants to know of it any more, and the event may be closed.</summary>
    public bool IsOver { get; set; }

    /// <summary>Whether the member died, once the event is set.</summary>
    public bool HasDied { get; set; }
}
