using static Samepage.Conformance.ErrorModel.Fault;

namespace Samepage.Conformance.ErrorModel;

/// <summary>
/// The error model as a table: each fault that a caller can provoke, the reason, and the Win32 code that ported programs compare. The other
/// tests ask what else is so when something is refused; here stands what the refusal is, once for all systems.
/// </summary>
internal static class FaultTable
{
    private const string Offset = "'offset'", Length = "'length'";

    private static readonly SharedObjectKind[] _kinds = NamespaceTests.Kinds;

    public static IReadOnlyList<FaultCase> Rows { get; } =
        [.. Names(), .. NameSyntax(), .. Sizes(), .. Files(), .. Access(), .. Ranges(), .. Addresses(), .. Handles(), .. Contents(), .. Waitables(), .. SeveralFaults.Rows()];

    private static IEnumerable<FaultCase> Names()
    {
        foreach (SharedObjectKind kind in _kinds)
        {
            string a = A(kind);
            yield return Refused($"W05 opening {a} that does not exist", FailureReason.NotFound, 2,
                s => () => NamespaceTests.Open(kind, s.Name));
            yield return Refused($"W05 opening {a} of the machine that does not exist", FailureReason.NotFound, 2,
                s => () => NamespaceTests.Open(kind, @"Global\" + s.Name));
            yield return Refused($"W08 opening {a} that only the other scope has", FailureReason.NotFound, 2, s =>
            {
                s.Keep(Create(kind, s.Name));
                return () => NamespaceTests.Open(kind, @"Global\" + s.Name);
            });
            foreach (SharedObjectKind made in _kinds)
            {
                string other = A(made);
                yield return Refused($"W04 creating {a} where {other} has the name", FailureReason.AlreadyExists, 183, s =>
                {
                    s.Keep(Create(made, s.Name));
                    return () => Create(kind, s.Name);
                });
                if (made == kind)
                    continue;
                yield return Refused($"W07 opening {other} as {a}", FailureReason.WrongKind, 6, s =>
                {
                    s.Keep(Create(made, s.Name));
                    return () => NamespaceTests.Open(kind, s.Name);
                });
                yield return Refused($"W07 creating or opening {a} where {other} has the name", FailureReason.WrongKind, 6, s =>
                {
                    s.Keep(Create(made, s.Name));
                    return () => NamespaceTests.CreateOrOpen(kind, s.Name);
                });
            }
        }
        yield return Refused("W04 creating Local\\ where the bare name is taken", FailureReason.AlreadyExists, 183, s =>
        {
            s.Section();
            return () => SharedMemory.Create(@"Local\" + s.Name, 4096);
        });
        yield return Refused("W19 opening a section whose last holder has closed it", FailureReason.NotFound, 2, s =>
        {
            SharedMemory.Create(s.Name, 4096).Dispose();
            return () => SharedMemory.Open(s.Name);
        });
    }

    private static IEnumerable<FaultCase> NameSyntax()
    {
        foreach ((string what, string name) in new[]
        {
            ("an empty name", ""), ("a prefix and nothing behind it", @"Global\"), ("a backslash within", @"a\b"), ("a backslash behind Global", @"Global\a\b"),
            ("a prefix in small letters", @"global\a"), ("a NUL within", "a\0b"), ("half of a surrogate pair", "a\ud800"), ("261 characters", new string('n', 261)),
        })
        {
            yield return Argument($"W08 a section by {what}", "cannot be used", () => SharedMemory.Create(name, 4096));
        }
        foreach (SharedObjectKind kind in _kinds)
        {
            string a = A(kind);
            yield return Argument($"W08 creating {a} by a name with a backslash", @"a\b", () => Create(kind, @"a\b"));
            yield return Argument($"W08 opening {a} by a name with a backslash", @"a\b", () => NamespaceTests.Open(kind, @"a\b"));
            yield return Thrown<ArgumentNullException>($"W08 opening {a} by no name", 0x8000_4003, "name", () => NamespaceTests.Open(kind, null!));
        }
        yield return Argument("W20 a section for everyone without Global\\", "Global", () =>
            SharedMemory.Create("n", 4096, new SharedMemoryOptions { Access = SharedAccess.Everyone }));
        yield return Argument("W20 a mutex for everyone without Global\\", "Global", () => SharedMutex.Create("n", false, SharedAccess.Everyone));
        yield return Argument("W20 a mutex that others may only read", "access", () => SharedMutex.Create(@"Global\n", false, SharedAccess.EveryoneRead));
    }

    private static IEnumerable<FaultCase> Sizes()
    {
        // The library refuses these before it looks at the name.
        yield return Refused("W06 a section of size 0", FailureReason.InvalidSize, 87, "0 bytes", s => () => SharedMemory.Create(s.Name, 0));
        yield return Refused("W06 creating or opening a section of size 0", FailureReason.InvalidSize, 87, "0 bytes", s => () => SharedMemory.CreateOrOpen(s.Name, 0));
        yield return Refused("W06 an anonymous section of size 0", FailureReason.InvalidSize, 87, "0 bytes", _ => () => SharedMemory.CreateAnonymous(0));
        yield return Refused("W02 a section larger than any address space", FailureReason.InvalidSize, 87, "bytes", s => () => SharedMemory.Create(s.Name, long.MaxValue));
        yield return Thrown<ArgumentOutOfRangeException>("W06 a section of negative size", 0x8013_1502, "size", () => SharedMemory.Create("n", -1));
        yield return Argument("W12 an initial commit that is more than is reserved", "committed", () =>
            SharedMemory.CreateAnonymous(4096, new SharedMemoryOptions { Reserve = true, InitialCommit = 8192 }));
        yield return Argument("W12 an initial commit of what is not reserved", "reserved", () =>
            SharedMemory.CreateAnonymous(4096, new SharedMemoryOptions { InitialCommit = 4096 }));
        const string Wine = "Wine commits more than there is.";
        yield return Refused("W12 a section of more memory than there is", FailureReason.OutOfSpace, 1455, s => () => SharedMemory.Create(s.Name, 1L << 46)) with
        {
            UnseenUnderWine = Wine,
        };
        yield return Refused("W12 committing more memory than there is", FailureReason.OutOfSpace, 1455, s =>
        {
            SharedMemory section = s.Reserved(1L << 42);
            return () => section.Commit(1L << 42);
        }) with
        { UnseenUnderWine = Wine };
        yield return Refused("W09 a file that would grow beyond its disk", FailureReason.OutOfSpace, 1455, "bytes", s =>
        {
            string path = s.File(100);
            return () => SharedMemory.CreateFromFile(path, null, 1L << 46);
        });
    }

    private static IEnumerable<FaultCase> Files()
    {
        yield return Refused("W06 an empty file", FailureReason.EmptyFile, 1006, s =>
        {
            string path = s.File(0);
            return () => SharedMemory.CreateFromFile(path);
        });
        yield return Refused("W06 an empty file, with a name", FailureReason.EmptyFile, 1006, s =>
        {
            string path = s.File(0);
            return () => SharedMemory.CreateFromFile(path, s.Name);
        });
        yield return Refused("W06 an empty file, already open", FailureReason.EmptyFile, 1006, s =>
        {
            FileStream file = s.Open(0, FileAccess.ReadWrite);
            return () => SharedMemory.CreateFromFile(file.SafeFileHandle);
        });
        foreach ((string what, Func<FaultScene, string> below) in new (string, Func<FaultScene, string>)[]
        {
            ("a file that does not exist", _ => Path.GetTempPath()),
            ("a file in a directory that does not exist", s => Path.Combine(Path.GetTempPath(), s.Name)),
            ("a file below a file", s => s.File(1)),
        })
        {
            yield return Refused($"W09 {what}", FailureReason.NotFound, 2, s =>
            {
                string path = Path.Combine(below(s), s.Name);
                s.Subject = s.Name;
                return () => SharedMemory.CreateFromFile(path);
            });
        }
        yield return Refused("W09 a file name of 300 characters", FailureReason.NotFound, 2, "nnn", _ => () =>
            SharedMemory.CreateFromFile(Path.Combine(Path.GetTempPath(), new string('n', 300))));
        yield return Refused("W09 a directory", FailureReason.NotSupported, 50, Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetTempPath())),
            _ => () => SharedMemory.CreateFromFile(Path.GetTempPath()));
        yield return Refused("W09 a device", FailureReason.NotSupported, 50, "regular", _ => () =>
            SharedMemory.CreateFromFile(OperatingSystem.IsWindows() ? "NUL" : "/dev/null"));
        yield return Refused("W09 a read-write section over a file that is open for reading", FailureReason.AccessDenied, 5, s =>
        {
            FileStream file = s.Open(4096, FileAccess.Read);
            return () => SharedMemory.CreateFromFile(file.SafeFileHandle);
        });
        yield return Refused("W09 a section over a file that is open for writing only", FailureReason.AccessDenied, 5, s =>
        {
            FileStream file = s.Open(4096, FileAccess.Write);
            return () => SharedMemory.CreateFromFile(file.SafeFileHandle, null, 0, For(MemoryAccess.Read));
        });
        foreach (MemoryAccess access in new[] { MemoryAccess.Read, MemoryAccess.CopyOnWrite })
        {
            yield return Refused($"W09 a section for {access} that is larger than its file", FailureReason.AccessDenied, 5, s =>
            {
                string path = s.File(100);
                return () => SharedMemory.CreateFromFile(path, null, 200, For(access));
            });
        }
        yield return Refused("W09 a file that another has open and shares with nobody", FailureReason.AccessDenied, 5, s =>
        {
            string path = s.File(4096);
            s.Keep(new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None));
            return () => s.Keep(SharedMemory.CreateFromFile(path));
        }) with
        { OnLinux = Outcome.Allowed, Because = "Linux has no sharing modes; .NET there keeps them by locks that only .NET programs ask for." };
        yield return new FaultCase("W09 cutting a file that is mapped", Outcome.Thrown(nameof(IOException), 0x8007_04C8), s =>
        {
            FileStream file = s.Open(4096, FileAccess.ReadWrite);
            s.Keep(s.Keep(SharedMemory.CreateFromFile(file.SafeFileHandle)).Map());
            return () => file.SetLength(0);
        })
        { OnLinux = Outcome.Allowed, Because = "Linux lets whoever may write a file cut it, mapped or not (1224 on Windows)." };
        yield return Refused("W04 a section over a file, by a name that is taken", FailureReason.AlreadyExists, 183, s =>
        {
            s.Section();
            string path = s.File(100);
            s.Subject = s.Name;
            return () => SharedMemory.CreateFromFile(path, s.Name);
        });
        yield return Refused("W07 creating or opening a section over a file by a mutex's name", FailureReason.WrongKind, 6, s =>
        {
            s.Keep(SharedMutex.Create(s.Name));
            string path = s.File(100);
            s.Subject = s.Name;
            return () => SharedMemory.CreateOrOpenFromFile(path, s.Name, out _);
        });
        yield return Refused("W09 creating or opening a section that exists over a file that does not", FailureReason.NotFound, 2, s =>
        {
            s.Section();
            return () => SharedMemory.CreateOrOpenFromFile(Path.Combine(Path.GetTempPath(), s.Name), s.Name, out _);
        });
    }

    private static IEnumerable<FaultCase> Access()
    {
        foreach ((MemoryAccess made, MemoryAccess wanted) in new[]
        {
            (MemoryAccess.Read, MemoryAccess.ReadWrite), (MemoryAccess.CopyOnWrite, MemoryAccess.ReadWrite), (MemoryAccess.Read, MemoryAccess.ReadExecute),
            (MemoryAccess.ReadWrite, MemoryAccess.ReadWriteExecute), (MemoryAccess.ReadExecute, MemoryAccess.ReadWrite),
            (MemoryAccess.ReadWrite, MemoryAccess.CopyOnWriteExecute),
        })
        {
            yield return Refused($"W11 a view for {wanted} of a section for {made}", FailureReason.AccessDenied, 5, s =>
            {
                SharedMemory section = made == MemoryAccess.Read ? s.Section(made) : OverFile(s, made);
                return () => section.Map(0, 0, wanted);
            });
            yield return Refused($"W11 opening a section for {made} for {wanted}", FailureReason.AccessDenied, 5, s =>
            {
                OverFile(s, made);
                return () => SharedMemory.Open(s.Name, wanted);
            });
        }
        yield return Refused("W11 a view for writing through a handle for reading", FailureReason.AccessDenied, 5, s =>
        {
            s.Section();
            SharedMemory readable = s.Keep(SharedMemory.Open(s.Name, MemoryAccess.Read));
            return () => readable.Map(0, 0, MemoryAccess.ReadWrite);
        });
        yield return Refused("W12 committing through a handle for reading", FailureReason.AccessDenied, 5, s =>
        {
            s.Reserved();
            SharedMemory readable = s.Keep(SharedMemory.Open(s.Name, MemoryAccess.Read));
            return () => readable.Commit(8192);
        });
        yield return OnView("W11 a span for writing of a view for reading", FailureReason.AccessDenied, 5, v => _ = v.Span.Length, MemoryAccess.Read);
        yield return OnView("W17 making a view for reading one for writing", FailureReason.AccessDenied, 5, v => v.Protect(0, 1, MemoryAccess.ReadWrite), MemoryAccess.Read);
        yield return OnView("W17 making a view for writing one that executes", FailureReason.AccessDenied, 5, v => v.Protect(0, 1, MemoryAccess.ReadExecute));
    }

    private static IEnumerable<FaultCase> Ranges()
    {
        foreach ((long offset, long length) in new[] { (4096L, 0L), (4096L, 1L), (0L, 4097L), (4095L, 2L), (long.MaxValue, 0L), (1L, long.MaxValue) })
        {
            yield return Refused($"W13 a view of {length} bytes from {offset} of 4096", FailureReason.OutOfRange, 1132, s =>
            {
                SharedMemory section = s.Section();
                return () => section.Map(offset, length);
            });
        }
        yield return OnView("W13 a span beyond the view", FailureReason.OutOfRange, 1132, v => v.GetSpan(4090, 7));
        yield return OnView("W13 a span for reading beyond the view", FailureReason.OutOfRange, 1132, v => v.GetReadOnlySpan(4090, 7));
        yield return OnView("W13 a value beyond the view", FailureReason.OutOfRange, 1132, v => v.GetReference<long>(4089));
        yield return OnView("W13 memory beyond the view", FailureReason.OutOfRange, 1132, v => v.GetMemory(4096, 1));
        yield return OnView("W15 flushing beyond the view", FailureReason.OutOfRange, 1132, v => v.Flush(4095, 2));
        yield return OnView("W16 prefetching beyond the view", FailureReason.OutOfRange, 1132, v => v.Prefetch(4096, 1));
        yield return OnView("W17 protecting beyond the view", FailureReason.OutOfRange, 1132, v => v.Protect(0, 4097, MemoryAccess.Read));
        yield return OnView("W17 pinning beyond the view", FailureReason.OutOfRange, 1132, v => v.Lock(4096, 1));
        yield return OnView("W17 unpinning beyond the view", FailureReason.OutOfRange, 1132, v => v.Unlock(4096, 1));
        yield return OnView("W17 asking beyond the view", FailureReason.OutOfRange, 1132, v => v.Query(4096));
        yield return Refused("W12 a span of what is only reserved", FailureReason.OutOfRange, 1132, s =>
        {
            MemoryView view = s.Keep(s.Reserved().Map());
            return () => view.GetSpan(4096, 1);
        });
        yield return Refused("W12 committing more than was reserved", FailureReason.OutOfRange, 1132, s =>
        {
            SharedMemory section = s.Reserved();
            return () => section.Commit((1 << 20) + 1);
        });
        yield return Misuse<ArgumentOutOfRangeException>("W13 a span from a negative offset", 0x8013_1502, Offset, v => v.GetSpan(-1, 1));
        yield return Misuse<ArgumentOutOfRangeException>("W13 a span of negative length", 0x8013_1502, Length, v => v.GetSpan(0, -1));
        yield return Misuse<ArgumentOutOfRangeException>("W15 flushing nothing", 0x8013_1502, Length, v => v.Flush(0, 0));
        yield return Misuse<ArgumentOutOfRangeException>("W10 a protection that is none", 0x8013_1502, "access", v => v.Protect(0, 1, (MemoryAccess)99));
    }

    private static IEnumerable<FaultCase> Addresses()
    {
        yield return Refused("W14 a wished address that is taken", FailureReason.AddressInUse, 487, s =>
        {
            SharedMemory section = s.Section();
            nint taken = s.Keep(section.Map()).Address;
            return () => section.Map(0, 0, null, taken);
        });
        yield return Refused("W14 a wished address in the middle of a page", FailureReason.OutOfRange, 1132, "cannot begin at address", s =>
        {
            SharedMemory section = s.Section();
            nint taken = s.Keep(section.Map()).Address;
            return () => section.Map(0, 0, null, taken + 1);
        });
        yield return Refused("W14 an offset that does not lie as the wished address does", FailureReason.OutOfRange, 1132, "cannot begin at address", s =>
        {
            SharedMemory section = s.Section();
            nint taken = s.Keep(section.Map()).Address;
            return () => section.Map(1, 0, null, taken);
        });
        yield return Refused("W14 a wished address at a page of a view that is there", FailureReason.AddressInUse, 487, "0x", s =>
        {
            SharedMemory section = s.Section(MemoryAccess.ReadWrite, 1 << 20);
            nint taken = s.Keep(section.Map()).Address;
            return () => section.Map(0, 0, null, taken + Environment.SystemPageSize);
        }) with
        { OnWindows = Outcome.Refused(FailureReason.OutOfRange, 1132), Because = "Windows maps at multiples of 65,536 bytes only, Linux at any page." };
        yield return Refused("W14 a wished address that no process has", FailureReason.AddressInUse, 487, s =>
        {
            SharedMemory section = s.Section();
            return () => section.Map(0, 0, null, unchecked((nint)0xFFFF_8000_0000_0000));
        });
        yield return Refused("W02 a view that no address space has room for", FailureReason.OutOfSpace, 1455, s =>
            () => s.Keep(s.Reserved(1L << 47)).Map());
    }

    private static IEnumerable<FaultCase> Handles()
    {
        foreach (string text in new[] { "nonsense", "samepage:", ":::::::" })
            yield return Argument($"W18 the handle \"{text}\"", text, () => SharedMemory.OpenHandle(text));
        yield return Argument("W18 an empty text for a handle", "handle", () => SharedMemory.OpenHandle(""));
        yield return Refused("W18 an offer that was withdrawn", FailureReason.NotFound, 2, "samepage:o:", s =>
        {
            string text = Gone(s.Section().Offer());
            return () => SharedMemory.OpenHandle(text);
        });
        yield return Refused("W18 an offer of a process that does not exist", FailureReason.NotFound, 2, "samepage:o:2147483640:", s =>
        {
            string[] parts = s.Keep(s.Section().Offer()).Text.Split(':');
            parts[2] = "2147483640";
            return () => SharedMemory.OpenHandle(string.Join(':', parts));
        });
        yield return Refused("W18 a handle that was not inherited", FailureReason.NotFound, 2, "samepage:i:", s =>
        {
            string text = Gone(s.Section().GetClientHandle());
            return () => SharedMemory.OpenHandle(text);
        });
        yield return Disposed("W13 mapping a section whose handle is closed", nameof(SharedMemory), s =>
        {
            SharedMemory section = s.Section();
            section.Dispose();
            return () => section.Map();
        });
        yield return Disposed("W13 a span of a view that is unmapped", nameof(MemoryView), s =>
        {
            MemoryView view = s.View();
            view.Dispose();
            return () => view.GetSpan(0, 1);
        });
        foreach (SharedObjectKind kind in _kinds.Where(kind => kind != SharedObjectKind.Section))
        {
            yield return Disposed($"W35 waiting for {A(kind)} whose handle is closed", $"Shared{kind}", s =>
            {
                var waitable = (SharedWaitable)s.Keep(Create(kind, s.Name));
                waitable.Dispose();
                return () => waitable.Wait(TimeSpan.Zero);
            });
        }
    }

    private static IEnumerable<FaultCase> Contents()
    {
        yield return Refused("W21 a section whose protection was overwritten", FailureReason.Corrupt, 1392, "protection", s =>
        {
            s.Section();
            s.Scribble(onLinux: 52, onWindows: 20, 99);
            return () => SharedMemory.Open(s.Name);
        });
        yield return Refused("W21 a section whose flags were overwritten", FailureReason.Corrupt, 1392, "flags", s =>
        {
            s.Section();
            s.Scribble(onLinux: 23, onWindows: 19, 0x80);
            return () => SharedMemory.Open(s.Name);
        });
        foreach ((string what, int onLinux, int onWindows) in new[] { ("of another format", 8, 8), ("from another kind of machine", 16, 12) })
        {
            yield return Refused($"W21 a section {what}", FailureReason.VersionMismatch, 1306, "cannot be used", s =>
            {
                s.Section();
                s.Scribble(onLinux, onWindows, 4);
                return () => SharedMemory.Open(s.Name);
            });
        }
        foreach (SharedObjectKind kind in new[] { SharedObjectKind.Event, SharedObjectKind.Semaphore })
        {
            yield return Refused($"W35 {A(kind)} whose state was overwritten", FailureReason.Corrupt, 1392, s =>
            {
                var waitable = (SharedWaitable)s.Keep(Create(kind, s.Name));
                if (!OperatingSystem.IsWindows())
                    s.Scribble(onLinux: 65_528, onWindows: 0, 0x55);
                return () => waitable.Wait(TimeSpan.Zero);
            }) with
            { OnWindows = Outcome.Allowed, Because = "On Windows the state is the kernel's own, where nobody can write." };
        }
    }

    private static IEnumerable<FaultCase> Waitables()
    {
        const uint NotOwner = 0x8007_0120;  // ERROR_NOT_OWNER, 288
        yield return Thrown<InvalidOperationException>("W30 releasing a mutex that nobody owns", NotOwner, null, s =>
        {
            SharedMutex mutex = s.Keep(SharedMutex.Create(s.Name));
            return mutex.Release;
        });
        yield return Thrown<InvalidOperationException>("W30 releasing a mutex that another thread owns", NotOwner, null, s =>
        {
            SharedMutex mutex = s.Keep(SharedMutex.Create(s.Name, initiallyOwned: true));
            return () => Expect.OnAnotherThread(mutex.Release);
        });
        yield return Thrown<InvalidOperationException>("W30 releasing a mutex once more than it was taken", NotOwner, null, s =>
        {
            SharedMutex mutex = s.Keep(SharedMutex.Create(s.Name, initiallyOwned: true));
            mutex.Release();
            return mutex.Release;
        });
        foreach ((string what, int count) in new[] { ("by one", 1), ("by far", int.MaxValue) })
        {
            yield return Refused($"W33 raising a semaphore above its maximum {what}", FailureReason.LimitReached, 298, s =>
            {
                SharedSemaphore semaphore = s.Keep(SharedSemaphore.Create(s.Name, 2, 2));
                return () => semaphore.Release(count);
            });
        }
        yield return Thrown<ArgumentOutOfRangeException>("W33 releasing no permits", 0x8013_1502, "count", s =>
        {
            SharedSemaphore semaphore = s.Keep(SharedSemaphore.Create(s.Name, 0, 2));
            return () => semaphore.Release(0);
        });
        yield return Thrown<ArgumentOutOfRangeException>("W33 a semaphore with more permits than its maximum", 0x8013_1502, "initialCount",
            s => () => SharedSemaphore.Create(s.Name, 2, 1));
        yield return Thrown<ArgumentOutOfRangeException>("W32 an event that resets in no known way", 0x8013_1502, "mode",
            s => () => SharedEvent.Create(s.Name, (EventResetMode)9));
        foreach (SharedObjectKind kind in _kinds.Where(kind => kind != SharedObjectKind.Section))
        {
            string a = A(kind);
            yield return Thrown<ArgumentOutOfRangeException>($"W35 waiting for {a} for a negative time", 0x8013_1502, "timeout", s =>
            {
                var waitable = (SharedWaitable)s.Keep(Create(kind, s.Name));
                return () => waitable.Wait(TimeSpan.FromTicks(-1));
            });
            yield return Thrown<OperationCanceledException>($"W35 waiting for {a} by a cancelled token", 0x8013_153B, "canceled", s =>
            {
                var waitable = (SharedWaitable)s.Keep(Create(kind, s.Name));
                return () => waitable.Wait(new CancellationToken(canceled: true));
            });
        }
    }
}
