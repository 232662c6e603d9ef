"""Tests of the corpus, with the standard library alone: python -m unittest test_corpus"""

import random
import unittest

import corpus
from corpus import numbers, react
from corpus.core import Example, held_out, normalized, same

CONVERSATIONS = 150_000  # about as many as training reads


def whole(example: Example) -> str:
    """All that the person types in a conversation."""
    return normalized(" ".join([example.prompt, example.input or "", *(prompt for prompt, _ in example.turns)]))


class HeldOut(unittest.TestCase):
    def test_no_held_out_prompt_is_in_the_training_stream(self):
        rng, trained = random.Random("stream"), set()
        for number in range(CONVERSATIONS):
            one = corpus.conversation(rng, number % len(corpus.STAGES))
            trained.add(whole(one))
            trained.add(normalized(f"{one.prompt} {one.input or ''}"))
            trained.update(normalized(prompt) for prompt, _ in one.turns)
        count = 0
        for skill in corpus.SKILLS:
            for test in corpus.tests(skill, 100):
                count += 1
                with self.subTest(skill=skill.name, prompt=test.prompt):
                    self.assertFalse(whole(test) in trained)
        self.assertGreater(count, 3000)

    def test_about_eight_percent_of_all_keys_are_held_out(self):
        share = sum(held_out(f"key {i}") for i in range(10_000)) / 10_000
        self.assertAlmostEqual(share, 0.08, delta=0.01)

    def test_the_same_seed_gives_the_same_conversations(self):
        first, second = ([corpus.conversation(rng) for _ in range(500)] for rng in (random.Random(7), random.Random(7)))
        self.assertEqual(first, second)


class Answers(unittest.TestCase):
    def test_every_skill_accepts_its_own_answers_and_not_another(self):
        for skill in corpus.SKILLS:
            for seed in range(50):
                example = skill.make(random.Random(seed))
                if skill.name.startswith("talk") or not example.answer:
                    continue
                with self.subTest(skill=skill.name, prompt=example.prompt):
                    self.assertTrue(skill.judge(example, " " + example.answer), example.answer)
                    self.assertFalse(skill.judge(example, " nothing of the kind 12345"))

    def test_every_answer_of_an_intent_is_one_that_its_check_accepts(self):
        for intent in corpus.talk.INTENTS:
            for answer in intent["="]:
                with self.subTest(intent=intent["name"]):
                    self.assertTrue(corpus.talk.matches(Example("", "", check=intent["~"]), answer))

    def test_worked_out_sums_are_right(self):
        for make, operation in ((numbers.addition, int.__add__), (numbers.subtraction, int.__sub__)):
            for seed in range(2000):
                answer = make(random.Random(seed)).answer
                left, right = answer.removesuffix(".").split("So ")[-1].split(" = ")
                a, _, b = left.split()
                self.assertEqual(operation(int(a), int(b)), int(right), answer)

    def test_traces_copy_the_numbers_of_the_question(self):
        for seed in range(500):
            trace = react.calculation(random.Random(seed))
            _, _, expression = trace.answer.split("\n")[1].partition("calculate: ")
            a, _, b = expression.split()
            self.assertIn(a, trace.prompt)
            self.assertIn(b, trace.prompt)

    def test_spaces_and_capitals_do_not_decide(self):
        self.assertTrue(same("Cat, dog.", " cat,  dog. "))
        self.assertFalse(same("Cat, dog.", "dog, cat."))


if __name__ == "__main__":
    unittest.main()
