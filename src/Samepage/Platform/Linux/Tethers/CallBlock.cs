using Samepage.Atomics;

namespace Samepage.Platform.Linux.Tethers;

/// <summary>What a <see cref="CallThread"/> and those who ask it for a call have in common. It lies outside the managed heap.</summary>
internal unsafe struct CallBlock
{
    /// <summary>The C library's <c>syscall</c>: number, and six arguments.</summary>
    public delegate* unmanaged<nint, nint, nint, nint, nint, nint, nint, nint> SysCall;

    /// <summary>The number of futex(2).</summary>
    public nint Futex;

    /// <summary>How many calls were asked for: the thread sleeps on it.</summary>
    public OrderedWord Asked;

    /// <summary>How many of them are done: who asked sleeps on it.</summary>
    public OrderedWord Answered;

    /// <summary>The call, or <see cref="End"/>.</summary>
    public nint Number;

    public nint First;
    public nint Second;
    public nint Third;
    public nint Fourth;

    /// <summary>Negative: it failed.</summary>
    public nint Result;

    /// <summary>Instead of a call: the thread ends.</summary>
    public const nint End = -1;
}
