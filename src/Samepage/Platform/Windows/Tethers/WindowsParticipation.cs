namespace Samepage.Platform.Windows.Tethers;

/// <summary>Who takes part in the object of a name: whoever owns a mutex that is called after it.</summary>
internal sealed class WindowsParticipation(SharedObjectInfo info) : IParticipation
{
    private readonly ObjectName _name = ObjectName.Parse(info.Name!);

    public MembershipBackend Join() => HeldMembership.Hold(_name);

    public IReadOnlyList<ParticipantBackend> List()
    {
        var found = new List<ParticipantBackend>();
        string stem = MemberName.StemOf(_name);
        ReadOnlySpan<char> bareStem = ObjectName.BareOf(stem);
        foreach ((ObjectName any, SharedObjectKind kind) in ObjectNamespace.ListAll(_name.Scope))
        {
            if (kind != SharedObjectKind.Mutex || !MemberName.TryParse(any.Bare, out MemberName parsed) || !bareStem.SequenceEqual(parsed.Stem))
                continue;
            MemberName name = parsed with { Stem = stem };
            if (OpenedMember.TryOpen(name, info.Scope) is not { } member)
                continue;
            member.Dispose();
            found.Add(new Participant(name, info));
        }
        return found;
    }

    private sealed class Participant(MemberName name, SharedObjectInfo info) : ParticipantBackend
    {
        public override long Id => name.Id;

        public override int ProcessId => name.ProcessId;

        public override WaitableBackend? TryWatch() => OpenedMember.TryOpen(name, info.Scope) is { } member
            ? new WatchedTether(TetherHandle.Watch(member), name, new SharedObjectInfo
            {
                Name = info.Name,
                Kind = SharedObjectKind.Tether,
                Scope = info.Scope,
                Size = 0,
                CreatorProcessId = name.ProcessId,
            })
            : null;
    }
}
