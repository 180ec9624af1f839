using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Samepage.Platform.Linux.Interop;
using Samepage.Platform.Linux.Tethers;
using Samepage.Tests.Support;

namespace Samepage.Tests.Platform.Linux.Tethers;

/// <summary>Where the descriptors of memberships are, and that the thread that has them lives through what happens in a process.</summary>
public sealed class EarlyTableTests
{
    private const string AnyTether = ".tether-";

    [Theory]
    [InlineData("1", 0)]
    [InlineData("0", 1_000)]
    public void The_process_itself_has_memberships_open_only_where_the_thread_is_missing(string thread, int open) =>
        Child.Do(Joins, [open.ToString(CultureInfo.InvariantCulture)], Scene.NewRoot(), variables: $"SAMEPAGE_TETHER_THREAD={thread}");

    [ChildPart]
    private static void Joins(string open)
    {
        using SharedEvent signal = SharedEvent.Create("e", EventResetMode.AutoReset);
        SharedMembership[] memberships = [.. Enumerable.Range(0, 1_000).Select(_ => signal.Join())];
        Assert.Equal(open, OpenFiles.Count(AnyTether).ToString(CultureInfo.InvariantCulture));
        Assert.Equal(memberships.Select(m => m.Id).Order(), signal.Participants().Select(p => p.Id).Order());
        foreach (SharedMembership membership in memberships)
            membership.Dispose();
        Assert.Equal(0, OpenFiles.Count(AnyTether));
        Assert.Empty(signal.Participants());
        // That of the process ends with its last thread, so it is in the table of the process.
        _ = HeldTether.OfProcess(SharedObjectScope.Local);
        Assert.Equal(1, OpenFiles.Count(AnyTether));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("0")]
    public void Collections_and_children_on_every_side_disturb_no_membership(string thread) =>
        Child.Do(JoinsInAStorm, [], Scene.NewRoot(), variables: $"SAMEPAGE_TETHER_THREAD={thread}");

    [ChildPart]
    private static void JoinsInAStorm()
    {
        using SharedEvent signal = SharedEvent.Create("e", EventResetMode.AutoReset);
        using SharedMembership stays = signal.Join();
        using var over = new CancellationTokenSource();
        Task collector = Task.Run(() =>
        {
            while (!over.IsCancellationRequested)
                GC.Collect();
        });
        Task parent = Task.Run(() =>
        {
            while (!over.IsCancellationRequested)
            {
                using Process child = Process.Start("true");
                child.WaitForExit();
            }
        });
        Parallel.For(0, 4, _ =>
        {
            for (int i = 0; i < 500; i++)
            {
                using SharedMembership membership = signal.Join();
                if (i % 50 == 0)
                    Assert.Contains(signal.Participants(), p => p.Id == membership.Id);
            }
        });
        over.Cancel();
        Task.WaitAll(collector, parent);
        Assert.Equal(stays.Id, Assert.Single(signal.Participants()).Id);
    }

    [Fact]
    public void Signals_whose_handlers_want_a_descriptor_do_not_reach_the_thread() => Child.Do(IsSignalled, [], Scene.NewRoot());

    [ChildPart]
    private static void IsSignalled()
    {
        using SharedEvent signal = SharedEvent.Create("e", EventResetMode.AutoReset);
        using SharedMembership membership = signal.Join();
        // With these, the runtime has handlers for all of them.
        PosixSignal[] handled = [PosixSignal.SIGCHLD, PosixSignal.SIGCONT, PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];
        PosixSignalRegistration[] registrations = [.. handled.Select(s => PosixSignalRegistration.Create(s, c => c.Cancel = true))];
        int[] numbers = [17, 18, 2, 15, 1, 3, 10, 12, 28];
        // Those that no one handles would end the process if they came through.
        Assert.All(numbers, n => Assert.Equal(0, LibC.SysCall3(Native.SysThreadKill, MembershipThread(), n, 0)));
        using (SharedMembership other = signal.Join())
            Assert.Equal(2, signal.Participants().Count);
        Assert.Equal(membership.Id, Assert.Single(signal.Participants()).Id);
        Assert.All(registrations, r => r.Dispose());
    }

    [Fact]
    public void The_thread_takes_part_when_the_process_changes_its_ids() => Child.Do(ChangesItsIds, [], Scene.NewRoot());

    [ChildPart]
    private static void ChangesItsIds()
    {
        using SharedEvent signal = SharedEvent.Create("e", EventResetMode.AutoReset);
        using SharedMembership membership = signal.Join();
        Assert.NotEqual(0, MembershipThread());
        // The C library waits until each thread has answered its signal.
        Assert.Equal(0, SetGroup(GetGroup()));
        Assert.Equal(membership.Id, Assert.Single(signal.Participants()).Id);
    }

    [DllImport("libc", EntryPoint = "setgid")]
    private static extern int SetGroup(uint group);

    [DllImport("libc", EntryPoint = "getegid")]
    private static extern uint GetGroup();

    /// <summary>The kernel keeps fifteen characters of a thread's name.</summary>
    private static int MembershipThread() => int.Parse(Path.GetFileName(Assert.Single(
        Directory.GetDirectories("/proc/self/task"), t => File.ReadAllText(t + "/comm").Trim() == "Samepage member")), null);
}
